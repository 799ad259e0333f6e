import { type Arrival, type Found, hexAt, type Lookup, type SpanBatch } from '@upshot/model';
import { keysOfRecordLookup, startOf } from '@upshot/storage';
import { HeldTraces } from './HeldTraces.js';
import { KeyTable } from './KeyTable.js';

/** Keys of one generation: with two of them some 50 MB, and at 20,000 spans a second three minutes. */
const MOST_KEYS = 1_200_000;

/** One stretch of arrivals. */
class Generation {
  readonly keys = new KeyTable();
  readonly names: string[] = [''];
  readonly numbers = new Map<string, number>();

  constructor(readonly sinceUnixNano: bigint) {}

  numberOf(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.numbers.set(name, number);
    }
    return number;
  }
}

/**
 * Which traces, and which events of records without one, held which keys among what arrived lately. Most workflows are over before their keys are forgotten
 * here: that nothing else has them is known without asking the store, which would have to look for hundreds of keys of each.
 */
export class RecentRows {
  /** Traces of which all that arrived is at hand. */
  readonly held = new HeldTraces();
  private current: Generation;
  private before: Generation | null = null;

  /** `nowUnixNano`: what arrived before is not known. */
  constructor(nowUnixNano: bigint) {
    this.current = new Generation(nowUnixNano);
  }

  /** From when on all that arrived is known, Unix nanoseconds. */
  get sinceUnixNano(): bigint {
    return (this.before ?? this.current).sinceUnixNano;
  }

  /** Whether nothing can have arrived that was not noted here. */
  get knowsAll(): boolean {
    return this.sinceUnixNano === 0n;
  }

  add({ spans, records, logs }: Pick<Found, 'spans' | 'records' | 'logs'>, nowUnixNano: bigint): void {
    if (this.current.keys.size > MOST_KEYS) {
      this.before = this.current;
      this.current = new Generation(nowUnixNano);
    }
    const { keys } = this.current;
    let trace = '';
    let number = 0;
    for (let row = 0; row < spans.rows; row++) {
      const own = hexAt(spans.traceIds, row * 16, 16);
      if (own !== trace) {
        trace = own;
        number = this.current.numberOf(own);
      }
      addKeys(keys, spans, row, number);
    }
    // A trace of which an exception came before its spans is not whole with them.
    for (let row = 0; row < logs.rows; row++) this.current.numberOf(hexAt(logs.traceIds, row * 16, 16));
    for (const { record, keys: own } of records) {
      const name = nameOf({ traceId: record.traceId, eventId: record.traceId === '' ? record.eventId : '' });
      for (const [low, high] of own) keys.add(low, high, this.current.numberOf(name));
    }
  }

  /** Whether rows of this trace arrived before, as far as is known. */
  hasSeen(traceId: string): boolean {
    return this.current.numbers.has(traceId) || (this.before?.numbers.has(traceId) ?? false);
  }

  /** Who has any of the keys of a look-up; null where that is not all known here. */
  holders(lookup: Lookup): Arrival[] | null {
    const names = new Set<string>();
    for (const [low, high] of keysOfRecordLookup(lookup)) {
      for (const generation of [this.current, this.before]) {
        const sources = generation === null ? [] : generation.keys.of(low, high);
        if (sources === null) return null;
        for (const source of sources) names.add(generation!.names[source]!);
      }
    }
    return [...names].map(arrivalOf);
  }
}

function addKeys(into: KeyTable, { keys: { halves, ends } }: SpanBatch, row: number, source: number): void {
  for (let at = startOf(ends, row); at < ends[row]!; at++)
    into.add(halves[at * 2]!, halves[at * 2 + 1]!, source);
}

/** The trace, or, where a record has none, its event behind a space: no trace begins with one. */
function nameOf({ traceId, eventId }: Arrival): string {
  return traceId === '' ? ` ${eventId}` : traceId;
}

function arrivalOf(name: string): Arrival {
  return name.startsWith(' ') ? { traceId: '', eventId: name.slice(1) } : { traceId: name, eventId: '' };
}
