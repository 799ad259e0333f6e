import type { Redaction } from '../redact/Redaction.js';
import { BadRecord } from './canonicalJson.js';

/** What records are measured against. */
export interface RecordContext {
  /** The time of receipt, Unix nanoseconds: the time of records that state none. */
  readonly now: bigint;
  /** Records from before this are refused. Unix nanoseconds; 0 where all are kept. */
  readonly cutoff: bigint;
  /** Bytes of an ID or name. */
  readonly textBytes: number;
  /** Bytes of an attribute's value, and of an error's type and message: longer ones are cut and marked. */
  readonly valueBytes: number;
  /** Levels of lists and maps. */
  readonly depth: number;
  /** What must not be stored; left out: all may be. */
  readonly redaction?: Redaction;
}

const MOST_TIME = (1n << 64n) - 1n;

/** @throws BadRecord where the time is beyond what can be stored, or older than what is kept */
export function checkTime(time: bigint, name: string, context: RecordContext): void {
  if (time < 0n || time > MOST_TIME) throw new BadRecord(`${name} is out of range`);
  if (time < context.cutoff) throw new BadRecord(`${name} is older than the retention`);
}

/** @throws BadRecord where an ID or name is longer than allowed */
export function checkLength(text: string, name: string, context: RecordContext): void {
  // A UTF-16 unit is at most 3 bytes of UTF-8.
  if (text.length * 3 > context.textBytes && Buffer.byteLength(text) > context.textBytes) {
    throw new BadRecord(`${name} is longer than ${context.textBytes} bytes`);
  }
}

/**
 * A text as it can be asked for: halves of characters (JSON's escapes can write them) can stand in no address, so that nobody could name an ID with one. They become what they
 * become in OTLP, U+FFFD.
 */
export function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? Buffer.from(text).toString() : text;
}
const LONE_SURROGATE = /\p{Cs}/u;

const TRACE_ID = /^[0-9a-f]{32}$/i;
const SPAN_ID = /^[0-9a-f]{16}$/i;

/**
 * An ID of OpenTelemetry's form in lower case, so that it meets its span; any other text as it is.
 * @throws BadRecord where it is such an ID and all zero, which would join whatever else is
 */
export function traceIdOf(text: string, name: string): string {
  return openTelemetryId(text, TRACE_ID, name);
}

export function spanIdOf(text: string, name: string): string {
  return openTelemetryId(text, SPAN_ID, name);
}

function openTelemetryId(text: string, form: RegExp, name: string): string {
  if (!form.test(text)) return text;
  if (/^0+$/.test(text)) throw new BadRecord(`${name} is all zero`);
  return text.toLowerCase();
}
