import { ReceiverError } from '../intake/ReceiverError.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
/** Integers of so many digits and more may exceed 2^53, beyond which JavaScript's numbers lose digits. */
const LONG = 16;

/**
 * The text of a JSON body, fit for `JSON.parse`: without a byte order mark, and with integers that a number would round in quotes
 * (OTLP/JSON takes 64-bit integers as text or as number). Nothing else is changed, valid or not.
 * @throws ReceiverError `too-large` where it holds more lists and objects than `mostNodes`: 64 MiB of `{},{},…` would keep the parser busy
 * for half a minute and cost gigabytes
 */
export function jsonText(body: Buffer, mostNodes: number): string {
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  const { nodes, longIntegers } = scan(body, start);
  if (nodes > mostNodes) {
    throw new ReceiverError(
      'too-large',
      `the body holds more than ${mostNodes} lists and objects: send it in parts`,
    );
  }
  if (longIntegers.length === 0) return body.toString('utf8', start);
  return quoted(body, start, longIntegers).toString('utf8');
}

/** Counts lists and objects, and finds the integers that are too long: start and end by turns. */
function scan(body: Buffer, from: number): { nodes: number; longIntegers: number[] } {
  const longIntegers: number[] = [];
  let nodes = 0;
  for (let at = from; at < body.length; ) {
    const byte = body[at]!;
    if (byte === QUOTE) {
      at = afterText(body, at + 1);
    } else if (isDigit(byte) || byte === 0x2d) {
      const end = afterNumber(body, at);
      if (end - at >= LONG && isInteger(body, at, end)) longIntegers.push(at, end);
      at = end;
    } else {
      if (byte === 0x7b || byte === 0x5b) nodes++;
      at++;
    }
  }
  return { nodes, longIntegers };
}

function quoted(body: Buffer, from: number, bounds: readonly number[]): Buffer {
  const result = Buffer.allocUnsafe(body.length - from + bounds.length);
  let copied = from;
  let at = 0;
  for (const bound of bounds) {
    at += body.copy(result, at, copied, bound);
    result[at++] = QUOTE;
    copied = bound;
  }
  body.copy(result, at, copied);
  return result;
}

function afterText(body: Buffer, from: number): number {
  for (let at = from; at < body.length; at++) {
    const byte = body[at]!;
    if (byte === BACKSLASH) at++;
    // No text of JSON goes on after the end of a line: one that is left open must not turn the next line inside out.
    else if (byte === QUOTE || byte === NEWLINE) return at + 1;
  }
  return body.length;
}

function afterNumber(body: Buffer, from: number): number {
  let at = from + 1;
  while (at < body.length && isNumberPart(body[at]!)) at++;
  return at;
}

function isInteger(body: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    if (!isDigit(body[at]!) && !(body[at] === 0x2d && at === from)) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Digits, sign, point, exponent. */
function isNumberPart(byte: number): boolean {
  return isDigit(byte) || byte === 0x2e || byte === 0x2d || byte === 0x2b || (byte | 0x20) === 0x65;
}
