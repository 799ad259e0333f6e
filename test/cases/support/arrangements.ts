import type { Case } from './Case.js';
import type { SpanUnit } from './SpanUnit.js';

/** The telemetry of a case in one order of arrival, cut into batches, each written before the next one comes. */
export interface Arrangement {
  readonly name: string;
  readonly encoding: 'json' | 'protobuf';
  readonly batches: readonly Batch[];
}

export interface Batch {
  readonly spans: readonly SpanUnit[];
  readonly records: readonly string[];
  readonly cloudEvents: readonly unknown[];
  readonly logs: readonly unknown[];
}

/** Everything in one batch, as the files have it. */
export function asWritten({ spans, records, cloudEvents, logs }: Case): Arrangement {
  return { name: 'as written', encoding: 'json', batches: [{ spans, records, cloudEvents, logs }] };
}

/** Other ways in which the same telemetry may arrive. Whichever it is, the answers are the same. */
export function otherArrangements(given: Case): Arrangement[] {
  const whole: Batch = given;
  const reversed: Batch = {
    spans: given.spans.toReversed(),
    records: given.records.toReversed(),
    cloudEvents: given.cloudEvents.toReversed(),
    logs: given.logs.toReversed(),
  };
  const random = randomOf(given.name);
  const shuffled: Batch = {
    spans: shuffle(given.spans, random),
    records: shuffle(given.records, random),
    cloudEvents: shuffle(given.cloudEvents, random),
    logs: shuffle(given.logs, random),
  };
  return [
    { name: 'reversed', encoding: 'json', batches: [reversed] },
    { name: 'shuffled', encoding: 'json', batches: [shuffled] },
    { name: 'all twice', encoding: 'json', batches: [whole, shuffled, whole] },
    { name: 'one in each batch', encoding: 'json', batches: oneByOne(shuffled) },
    { name: 'in protobuf', encoding: 'protobuf', batches: [whole] },
  ];
}

function oneByOne({ spans, records, cloudEvents, logs }: Batch): Batch[] {
  const none: Batch = { spans: [], records: [], cloudEvents: [], logs: [] };
  return [
    // A record that comes before its span must not be lost.
    ...logs.map((log) => ({ ...none, logs: [log] })),
    ...cloudEvents.map((event) => ({ ...none, cloudEvents: [event] })),
    ...spans.map((span) => ({ ...none, spans: [span] })),
    ...records.map((record) => ({ ...none, records: [record] })),
  ];
}

/** Fisher and Yates. */
function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  return shuffled;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32), so that a failing order comes again. */
function randomOf(seed: string): () => number {
  let state = 0;
  for (const letter of seed) state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
