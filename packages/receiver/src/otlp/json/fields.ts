/** A JSON field whose value is not what OTLP says. The message names the field and reads on from "…:". */
export class BadField extends Error {
  override readonly name = 'BadField';
}

export type JsonObject = { readonly [name: string]: unknown };

/** A member under its lower-camel-case name, else under its name in the .proto file. Null counts as absent. */
export function member(object: JsonObject, name: string): unknown {
  const value = object[name] ?? object[snakeCase(name)];
  return value ?? undefined;
}

const snakes = new Map<string, string>();

function snakeCase(name: string): string {
  let snake = snakes.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakes.set(name, snake);
  }
  return snake;
}

export function objectOf(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadField(`${name} is not an object`);
  return value as JsonObject;
}

/** An absent list is empty. */
export function listOf(object: JsonObject, name: string): readonly unknown[] {
  const value = member(object, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new BadField(`${name} is not a list`);
  return value;
}

/** An absent text is empty. */
export function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new BadField(`${name} is not a text`);
  return value;
}

const DECIMAL = /^-?\d{1,20}$/;

/** A 64-bit integer, which OTLP/JSON writes as decimal text or as a number. */
export function integerOf(value: unknown, name: string, least: bigint, most: bigint): bigint {
  let integer: bigint | null = null;
  if (typeof value === 'string' && DECIMAL.test(value)) integer = BigInt(value);
  else if (typeof value === 'number' && Number.isInteger(value)) integer = BigInt(value);
  if (integer === null || integer < least || integer > most) {
    throw new BadField(`${name} is not ${least < 0n ? 'a' : 'an unsigned'} 64-bit integer`);
  }
  return integer;
}

export const MOST_UINT64 = (1n << 64n) - 1n;
export const LEAST_INT64 = -(1n << 63n);
export const MOST_INT64 = (1n << 63n) - 1n;

/** An absent time is 0. Unix nanoseconds. */
export function timeOf(object: JsonObject, name: string): bigint {
  const value = member(object, name);
  return value === undefined || value === '' ? 0n : integerOf(value, name, 0n, MOST_UINT64);
}

/** An absent count is 0. Unsigned, 32 bits. */
export function countOf(object: JsonObject, name: string): number {
  const value = member(object, name);
  if (value === undefined) return 0;
  const count = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 0xffffffff) {
    throw new BadField(`${name} is not an unsigned 32-bit integer`);
  }
  return count;
}

/** An enum's number, given as number or as name. Names and numbers that nobody knows are 0, "unspecified". */
export function enumOf(object: JsonObject, name: string, names: readonly string[]): number {
  const value = member(object, name);
  if (value === undefined) return 0;
  if (typeof value === 'string') {
    const index = DECIMAL.test(value) ? Number(value) : names.indexOf(value);
    return index >= 0 && index < names.length ? index : 0;
  }
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new BadField(`${name} is neither a name nor a number`);
  return value >= 0 && value < names.length ? value : 0;
}

const HEX = /^(?:[0-9a-fA-F]{2})+$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={1,2}$/;

/**
 * The bytes of an ID: hex in either case, as OTLP/JSON says, or base64 of the right size, as protobuf's own JSON mapping (and older
 * exporters) has it. Hex of a wrong length gives bytes of a wrong length. Null where the text is neither.
 */
export function idOf(text: string, size: number): Buffer | null {
  if (text.length === 4 * Math.ceil(size / 3) && BASE64.test(text)) {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length === size) return bytes;
  }
  return HEX.test(text) ? Buffer.from(text, 'hex') : null;
}
