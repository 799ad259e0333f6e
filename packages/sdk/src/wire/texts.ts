/** UTF-16 units of an ID or name from the wire: longer than any that a library makes, short enough for every header. */
export const MOST_ID = 256;
/** W3C Baggage: the least that a platform must pass on is 8192 bytes. */
export const MOST_BAGGAGE = 8192;
/** W3C Trace Context asks to pass on 512 characters of `tracestate`. */
export const MOST_TRACE_STATE = 512;
/** Levels of arrays around a value: clients hand over a header that was sent twice as an array. */
const MOST_NESTED = 2;

/** Control characters, separators and marks that turn the direction of what follows, halves of a character,
 * and what bytes become that are no UTF-8. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffd\p{Surrogate}]/u;

/** What nearly all of them are: a test that costs little. */
const PLAIN = /^[ -~]+$/;

/**
 * A header's value as text, whatever the client hands over: a text, bytes (UTF-8), a number, or the first of several. Null for what is
 * none of these, is empty, longer than `most`, or would steer a terminal or a header.
 */
export function textOf(value: unknown, most: number, nested = 0): string | null {
  let text: string;
  switch (typeof value) {
    case 'string':
      text = value;
      break;
    case 'number':
    case 'bigint':
      text = String(value);
      break;
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return nested < MOST_NESTED ? textOf(value[0], most, nested + 1) : null;
      if (!(value instanceof Uint8Array) || value.byteLength > most * 4) return null;
      text = bytes(value).toString('utf8');
      break;
    default:
      return null;
  }
  if (text.length > most) return null;
  text = text.trim();
  if (PLAIN.test(text)) return text;
  return text === '' || STEERING.test(text) ? null : text;
}

/** The same bytes, without a copy. */
function bytes(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** A count from the wire: decimal digits, a number, or (Spring) a big-endian integer of four bytes. Null for anything else. */
export function countOf(value: unknown): number | null {
  if (value instanceof Uint8Array && value.byteLength === 4 && value[0]! < 0x30) {
    return new DataView(value.buffer, value.byteOffset, 4).getInt32(0);
  }
  const text = textOf(value, 9);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
