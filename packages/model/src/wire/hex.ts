const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Character codes of the digits. */
const HIGH = Uint8Array.from(PAIRS, (pair) => pair.charCodeAt(0));
const LOW = Uint8Array.from(PAIRS, (pair) => pair.charCodeAt(1));

/** `length` bytes from `at` as lower-case hex. IDs are made at one go: put together by pairs, each would be a tree of a dozen strings until it is compared. */
export function hexAt(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  let i = at;
  for (const end = at + length - 7; i < end; i += 8) text += hexOfEight(bytes, i);
  for (; i < at + length; i++) text += PAIRS[bytes[i]!]!;
  return text;
}

function hexOfEight(bytes: Uint8Array, at: number): string {
  const a = bytes[at]!;
  const b = bytes[at + 1]!;
  const c = bytes[at + 2]!;
  const d = bytes[at + 3]!;
  const e = bytes[at + 4]!;
  const f = bytes[at + 5]!;
  const g = bytes[at + 6]!;
  const h = bytes[at + 7]!;
  return String.fromCharCode(
    HIGH[a]!,
    LOW[a]!,
    HIGH[b]!,
    LOW[b]!,
    HIGH[c]!,
    LOW[c]!,
    HIGH[d]!,
    LOW[d]!,
    HIGH[e]!,
    LOW[e]!,
    HIGH[f]!,
    LOW[f]!,
    HIGH[g]!,
    LOW[g]!,
    HIGH[h]!,
    LOW[h]!,
  );
}

/** The bytes of a hex text, which must have an even length and hex digits alone. */
export function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
