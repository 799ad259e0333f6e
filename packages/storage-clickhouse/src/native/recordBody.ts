import type { AttributeValue, EventRecord } from '@upshot/model';

/**
 * Records are stored as JSON. Values that JSON can't hold travel as an object of one member whose name begins with `$`:
 * `{"$bigint": "9007199254740993"}`, `{"$bytes": "<base64>"}`, `{"$number": "NaN"}`; and so that a sender's own object of that form
 * comes back as it was, it is wrapped once more: `{"$object": {"$bytes": …}}`.
 */
export function encodeRecordBody(record: EventRecord): string {
  const attributes: { [key: string]: unknown } = Object.create(null);
  for (const [key, value] of Object.entries(record.attributes)) attributes[key] = toJson(value);
  return JSON.stringify({ ...record, attributes });
}

export function decodeRecordBody(body: string): EventRecord {
  const stored = JSON.parse(body) as EventRecord & { attributes: { [key: string]: Json } };
  const attributes: { [key: string]: AttributeValue } = {};
  for (const [key, value] of Object.entries(stored.attributes)) define(attributes, key, fromJson(value));
  return { ...stored, attributes };
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

function toJson(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $number: Object.is(value, -0) ? '-0' : String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  const entries = Object.entries(value);
  const object: { [key: string]: unknown } = Object.create(null);
  for (const [key, inner] of entries) object[key] = toJson(inner);
  return entries.length === 1 && entries[0]![0].startsWith('$') ? { $object: object } : object;
}

function fromJson(value: Json): AttributeValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fromJson);
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [tag, inner] = entries[0]!;
    if (tag === '$bigint') return BigInt(inner as string);
    if (tag === '$bytes') return new Uint8Array(Buffer.from(inner as string, 'base64'));
    if (tag === '$number') return Number(inner);
    if (tag === '$object') return plain(Object.entries(inner as { [key: string]: Json }));
  }
  return plain(entries);
}

function plain(entries: readonly [string, Json][]): AttributeValue {
  const object: { [key: string]: AttributeValue } = {};
  for (const [key, value] of entries) define(object, key, fromJson(value));
  return object;
}

/** Plain assignment to `__proto__` would set the prototype. */
function define(object: { [key: string]: AttributeValue }, key: string, value: AttributeValue): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
