/** A record that is not what the interface says; the message names the field and goes to the sender. */
export class BadRecord extends Error {
  override readonly name = 'BadRecord';
}

/**
 * JSON with the members of each object sorted by name (UTF-16 code units, as RFC 8785 sorts them) and without white space: equal for
 * two texts that say the same.
 * @throws BadRecord where lists and maps nest deeper than `depth`
 */
export function canonicalJson(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth === 0) throw new BadRecord('the record is nested too deep');
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element, depth - 1)).join(',')}]`;
  const object = value as { readonly [name: string]: unknown };
  const members = Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name], depth - 1)}`);
  return `{${members.join(',')}}`;
}
