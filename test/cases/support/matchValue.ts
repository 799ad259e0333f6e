/**
 * Whether a value is what was expected: `/…/` in a text is a regular expression, an object holds at least the expected properties, a
 * list exactly the expected items in their order.
 */
export function matches(expected: unknown, actual: unknown): boolean {
  if (typeof expected === 'string') {
    if (typeof actual !== 'string') return false;
    const pattern = patternOf(expected);
    return pattern === null ? expected === actual : pattern.test(actual);
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, at) => matches(item, actual[at]))
    );
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(expected).every(([name, value]) =>
      matches(value, (actual as Record<string, unknown>)[name]),
    );
  }
  return expected === actual;
}

function patternOf(text: string): RegExp | null {
  const found = /^\/(.+)\/(i?)$/s.exec(text);
  return found === null ? null : new RegExp(found[1]!, found[2]);
}

export interface Assignment<Expected, Actual> {
  readonly pairs: readonly (readonly [Expected, Actual])[];
  readonly missing: readonly Expected[];
  readonly surplus: readonly Actual[];
}

/** Pairs what was expected with what there is, each once, as many as can be (augmenting paths), whatever the order. */
export function assign<Expected, Actual>(
  expected: readonly Expected[],
  actual: readonly Actual[],
  fits: (expected: Expected, actual: Actual) => boolean,
): Assignment<Expected, Actual> {
  const candidates = expected.map((one) => actual.flatMap((other, at) => (fits(one, other) ? [at] : [])));
  const holder = new Map<number, number>();
  const place = (one: number, tried: Set<number>): boolean => {
    for (const at of candidates[one]!) {
      if (tried.has(at)) continue;
      tried.add(at);
      const held = holder.get(at);
      if (held !== undefined && !place(held, tried)) continue;
      holder.set(at, one);
      return true;
    }
    return false;
  };
  expected.forEach((_, one) => {
    place(one, new Set());
  });
  const placed = new Set(holder.values());
  return {
    pairs: [...holder].map(([at, one]) => [expected[one]!, actual[at]!] as const),
    missing: expected.filter((_, one) => !placed.has(one)),
    surplus: actual.filter((_, at) => !holder.has(at)),
  };
}
