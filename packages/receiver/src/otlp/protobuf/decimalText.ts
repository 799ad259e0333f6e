/** Writes a number from 0 to 2^53 - 1 as decimal digits at `out[at]`; returns the end. */
function writeDigits(value: number, out: Uint8Array, at: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  let i = at + digits;
  let high = value;
  while (high > 0x7fffffff) {
    const tenth = Math.floor(high / 10);
    out[--i] = 48 + (high - tenth * 10);
    high = tenth;
  }
  let low = high | 0;
  while (i > at) {
    const tenth = (low / 10) | 0;
    out[--i] = 48 + low - tenth * 10;
    low = tenth;
  }
  return at + digits;
}

/**
 * Writes a varint `bytes[start, end)`, a signed 64-bit integer, as the decimal text that `String` gives of it, at `out[at]`.
 * Returns the end. Seven bytes hold 49 bits and stay in a number; only longer ones (and negative ones) need a bigint.
 */
export function writeVarintText(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  if (end - start <= 7) {
    let value = 0;
    let factor = 1;
    for (let i = start; i < end; i++, factor *= 128) value += (bytes[i]! & 0x7f) * factor;
    return writeDigits(value, out, at);
  }
  let value = 0n;
  for (let i = start, shift = 0n; i < end; i++, shift += 7n) value |= BigInt(bytes[i]! & 0x7f) << shift;
  return writeText(BigInt.asIntN(64, value).toString(), out, at);
}

/** Writes ASCII text at `out[at]`; returns the end. */
export function writeText(text: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return at + text.length;
}
