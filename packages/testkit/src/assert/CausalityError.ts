/**
 * What an assertion on a workflow ends in: what was expected, the workflow as a tree, and which hop lost the context. Frameworks that compare
 * `expected` with `actual` find them where there is something to compare. It is no `AssertionError` of Node's: Jest puts words of its own around those.
 */
export class CausalityError extends Error {
  override readonly name = 'CausalityError';
  readonly expected?: unknown;
  readonly actual?: unknown;

  constructor(message: string, { expected, actual }: { expected?: unknown; actual?: unknown } = {}) {
    super(message);
    if (expected !== undefined || actual !== undefined) Object.assign(this, { expected, actual });
  }
}
