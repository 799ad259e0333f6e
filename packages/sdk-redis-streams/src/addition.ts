/** The arguments of `XADD`, taken apart. */
export interface Addition {
  readonly stream: string;
  /** All up to the entry's ID. */
  readonly before: readonly unknown[];
  readonly fields: readonly (readonly [name: string, value: unknown])[];
  /** A callback of the caller's. */
  readonly after: readonly unknown[];
}

/** Words before the ID, and how many values follow each: `XADD key [NOMKSTREAM] [KEEPREF …] [MAXLEN|MINID [=|~] threshold [LIMIT count]] id …`. */
const OPTIONS: Readonly<Record<string, number>> = {
  NOMKSTREAM: 0,
  KEEPREF: 0,
  DELREF: 0,
  ACKED: 0,
  MAXLEN: 1,
  MINID: 1,
  LIMIT: 1,
};

/** Null for what is no addition of pairs: Redis says so itself. */
export function additionOf(given: readonly unknown[]): Addition | null {
  const after = typeof given.at(-1) === 'function' ? [given.at(-1)] : [];
  const args = given.slice(0, given.length - after.length).flat();
  let at = 1;
  for (;;) {
    const values = OPTIONS[String(args[at]).toUpperCase()];
    if (values === undefined) break;
    at++;
    if (values > 0 && (args[at] === '=' || args[at] === '~')) at++;
    at += values;
  }
  const rest = args.slice(at + 1);
  if (rest.length === 0 || rest.length % 2 !== 0) return null;
  const fields: [string, unknown][] = [];
  for (let n = 0; n < rest.length; n += 2) fields.push([String(rest[n]), rest[n + 1]]);
  return { stream: String(args[0]), before: args.slice(0, at + 1), fields, after };
}
