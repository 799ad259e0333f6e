import type { Part } from '../layout/Part.js';

/** One entry of the printed tree. */
export interface Row {
  readonly parts: readonly Part[];
  /** Whether it lies on the critical path. */
  readonly critical: boolean;
  /** The rows below it. Called once: it claims the nodes that it returns, so that none is printed twice. */
  expand(): Row[];
}

/** A row with nothing below it. */
export function leaf(parts: readonly Part[], critical = false): Row {
  return { parts, critical, expand: () => [] };
}
