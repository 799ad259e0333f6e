import { type Arrival, type Found, hexAt, type Lookup, type SpanBatch } from '@upshot/model';
import { keysOfRecordLookup, startOf } from '@upshot/storage';
import { HeldTraces } from './HeldTraces.js';
import { KeyFilter } from './KeyFilter.js';
import { KeyTable } from './KeyTable.js';

/** Keys of one generation: with two of them some 50 MB, and at 20,000 spans a second three minutes. */
const MOST_KEYS = 1_200_000;

/**
 * Of older generations it is kept only which keys there were: some 22 million in 67 MB, at 20,000 spans a second half an hour. One in some ten thousand others passes for one of
 * them, and costs a question to the store.
 */
const OLDER = { bitsOfOne: 24, probes: 16, firstBits: 1 << 22, mostLayers: 7 };

/** Behind all that can arrive. */
const NEVER = 1n << 64n;

/** One stretch of arrivals. */
class Generation {
  readonly keys = new KeyTable();
  readonly names: string[] = [''];
  readonly numbers = new Map<string, number>();

  /** All that arrived after this, Unix nanoseconds, stands in this generation or in a later one. */
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

/** Who is known to have what is looked for. */
export interface Holders {
  /** Among what arrived last. */
  readonly arrivals: readonly Arrival[];
  /** Others may, of what arrived before that. */
  readonly isOlder: boolean;
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
  private older = new KeyFilter(OLDER);
  /** From when on all keys are known, Unix nanoseconds. */
  sinceUnixNano: bigint;

  /** `afterUnixNano`: what arrived until then is not known. Left out: nothing is. `mostKeys`: of one generation. */
  constructor(
    afterUnixNano = NEVER,
    private readonly mostKeys = MOST_KEYS,
  ) {
    this.current = new Generation(afterUnixNano);
    this.sinceUnixNano = afterUnixNano;
  }

  /** Whether it must be begun anew before anything can be known. */
  get knowsNothing(): boolean {
    return this.sinceUnixNano === NEVER;
  }

  /** Whether nothing can have arrived of which the traces are not known here. */
  get knowsAll(): boolean {
    return (this.before ?? this.current).sinceUnixNano === 0n;
  }

  /** Rows that arrived after what is known, all of them up to some time. `afterUnixNano`: what arrived until then is known, or never will be. */
  add({ spans, records, logs }: Pick<Found, 'spans' | 'records' | 'logs'>, afterUnixNano: bigint): void {
    if (this.current.keys.size > this.mostKeys) this.begin(afterUnixNano);
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

  /** Begins a generation, of what arrives after this. */
  private begin(afterUnixNano: bigint): void {
    this.before?.keys.each((low, high) => this.older.add(low, high));
    if (this.older.isFull) {
      this.older = new KeyFilter(OLDER);
      this.sinceUnixNano = this.current.sinceUnixNano;
    }
    this.before = this.current;
    this.current = new Generation(this.knowsNothing ? NEVER : afterUnixNano);
  }

  /** Who has any of the keys of a look-up; null where that is not all known here. */
  holders(lookup: Lookup): Holders | null {
    const names = new Set<string>();
    let isOlder = false;
    for (const [low, high] of keysOfRecordLookup(lookup)) {
      for (const generation of [this.current, this.before]) {
        const sources = generation === null ? [] : generation.keys.of(low, high);
        if (sources === null) return null;
        for (const source of sources) names.add(generation!.names[source]!);
      }
      isOlder ||= this.older.has(low, high);
    }
    return { arrivals: [...names].map(arrivalOf), isOlder };
  }

  /** What of a look-up arrived before the traces that are known by name, or may have. */
  olderOf({ eventIds = [], causationIds = [], correlationIds = [], linksTo = [], limit }: Lookup) {
    const isOlder = (lookup: Omit<Lookup, 'limit'>) =>
      keysOfRecordLookup({ ...lookup, limit }).some(([low, high]) => this.older.has(low, high));
    return {
      eventIds: eventIds.filter((id) => isOlder({ eventIds: [id] })),
      causationIds: causationIds.filter((id) => isOlder({ causationIds: [id] })),
      correlationIds: correlationIds.filter((id) => isOlder({ correlationIds: [id] })),
      linksTo: linksTo.filter((link) => isOlder({ linksTo: [link] })),
    };
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
