/**
 * Every value that reaches SQL text goes through this file, and through no other. IDs come as hex and keys as numbers, so that no
 * text of a sender is ever part of a statement; strings are only paths, settings, and the text that somebody looks for.
 */

const encoder = new TextEncoder();

/** A String: printable ASCII as it is, every other byte, quotes and backslashes as \xHH. */
export function stringLiteral(text: string): string {
  let sql = "'";
  for (const byte of encoder.encode(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c;
    sql += plain ? String.fromCharCode(byte) : escaped(byte);
  }
  return `${sql}'`;
}

/** A pattern for LIKE that finds this text anywhere. */
export function likeLiteral(text: string): string {
  return stringLiteral(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

/** The bytes that a hex text stands for. Throws where it is not hex of `length` bytes: callers check IDs first. */
export function hexLiteral(hex: string, length: number): string {
  if (!isHex(hex, length)) throw new TypeError(`not ${length} bytes in hex: ${JSON.stringify(hex)}`);
  let sql = "'";
  for (let i = 0; i < hex.length; i += 2) sql += `\\x${hex[i]!}${hex[i + 1]!}`;
  return `${sql}'`;
}

/** Whether the text is lower-case hex of `length` bytes. */
export function isHex(text: string, length: number): boolean {
  return text.length === length * 2 && /^[0-9a-f]*$/.test(text);
}

const UINT64_END = 1n << 64n;

/** A UInt64. Without the suffix ClickHouse would read large ones as a float. */
export function uint64Literal(value: bigint): string {
  if (value < 0n || value >= UINT64_END) throw new RangeError(`not a UInt64: ${value}`);
  return `toUInt64(${value})`;
}

/** A count: a limit, a number of seconds. */
export function countLiteral(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a count: ${value}`);
  return String(value);
}

/** A day as ClickHouse's Date. */
export function dayLiteral(day: number): string {
  return `toDate(${countLiteral(day)})`;
}

function escaped(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
