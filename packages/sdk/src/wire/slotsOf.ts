import { HEADERS, UPSHOT_HEADERS } from '@upshot/conventions';
import { TRACE_HEADERS } from './trace/traceHeaders.js';

/** The headers of a message that mean something here, by name in lower case, as the client handed them over. */
export type Slots = ReadonlyMap<string, unknown>;

/** Headers that are looked at: no transport takes so many, and no sender makes us look through more. */
const MOST_HEADERS = 1000;
/** The longest name that is known here is shorter. */
const MOST_NAME = 64;

/** Names without a prefix mean CloudEvents or Spring where the message says so; see `incomingOf`. */
const BARE = ['id', 'type', 'specversion', 'conversation-id', 'traceid'];

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(HEADERS).flat(),
  ...Object.values(UPSHOT_HEADERS),
  ...TRACE_HEADERS,
  ...BARE,
]);

/** Names as they came → in lower case where they are known, else "". Filled by what a process sees, and bounded. */
const folded = new Map<string, string>();
const MOST_FOLDED = 4096;

const NONE: Slots = new Map();

/**
 * Picks the known headers out of whatever a client calls headers: an object, a `Map`, `Headers`, or pairs. The first of two names that
 * differ by case alone wins.
 */
export function slotsOf(headers: unknown): Slots {
  if (typeof headers !== 'object' || headers === null) return NONE;
  const slots = new Map<string, unknown>();
  let seen = 0;
  if (isIterable(headers)) {
    for (const pair of headers) {
      if (seen++ >= MOST_HEADERS) break;
      if (Array.isArray(pair)) take(slots, decodeName(pair[0]), pair[1]);
    }
    return slots;
  }
  for (const name in headers) {
    if (seen++ >= MOST_HEADERS) break;
    take(slots, name, (headers as Record<string, unknown>)[name]);
  }
  return slots;
}

function take(slots: Map<string, unknown>, name: string, value: unknown): void {
  const known = foldedName(name);
  if (known !== '' && value !== undefined && value !== null && !slots.has(known)) slots.set(known, value);
}

function foldedName(name: string): string {
  const before = folded.get(name);
  if (before !== undefined) return before;
  if (name.length > MOST_NAME) return '';
  const lower = name.toLowerCase();
  const known = KNOWN.has(lower) ? lower : '';
  if (folded.size < MOST_FOLDED) folded.set(name, known);
  return known;
}

/** Clients for Kafka give names as bytes where they are asked to. */
function decodeName(name: unknown): string {
  if (typeof name === 'string') return name;
  return name instanceof Uint8Array && name.byteLength <= MOST_NAME
    ? Buffer.from(name).toString('latin1')
    : '';
}

function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';
}
