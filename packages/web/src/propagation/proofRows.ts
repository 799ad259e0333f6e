/**
 * A proof as names and values. The API's form of it may grow: texts and numbers are shown by their own names, lists line by line, and what is nested
 * as JSON.
 */
export function proofRows(proof: unknown): { readonly name: string; readonly value: string }[] {
  if (proof === null || proof === undefined || proof === '') return [];
  if (typeof proof !== 'object') return [{ name: 'proof', value: String(proof) }];
  if (Array.isArray(proof)) return proof.map((one, at) => ({ name: `${at + 1}`, value: textOf(one) }));
  return Object.entries(proof).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [{ name, value: textOf(value) }],
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
