import { type Arrival, type Arrivals, hexAt } from '@upshot/model';
import type { Engine } from '../engine/Engine.js';
import { readBlocks } from '../native/NativeBlock.js';
import { decodeRecordBody } from '../native/recordBody.js';
import {
  type ArrivalTable,
  anyArrivedSql,
  arrivedLogsSql,
  arrivedRecordsSql,
  arrivedSpansSql,
  type StampRange,
  stampOfRowSql,
} from '../sql/arrivalsSql.js';
import type { MayHold } from './MayHold.js';

/**
 * A minute of writing is grouped as a whole without looking first how much that is: at 200,000 spans a second and 16 to a trace 750,000 groups,
 * some 60 MB. What lies further apart is looked for row by row.
 */
const WINDOW_NANOS = 60_000_000_000n;
/** How many rows of a trace come in one write, at a guess: so many times the limit of rows is looked through for a page. */
const ROWS_PER_ARRIVAL = 8;

/** Rows of a page, but for those of one write: a trace of a million spans is one arrival, and comes in so many pages. */
const PAGE_ROWS = 60_000;

interface Arrived {
  readonly stamp: bigint;
  readonly arrival: Arrival;
  readonly rows: number;
}

/** Reads what was written, in the order of writing. */
export class ArrivalReader {
  constructor(
    private readonly engine: Engine,
    private readonly may: { readonly records: MayHold; readonly logs: MayHold },
  ) {}

  private get tables(): ArrivalTable[] {
    return ['spans', ...(['records', 'logs'] as const).filter((table) => !this.may[table].isEmpty)];
  }

  /** `settled`: rows with this stamp and earlier ones are all visible. */
  async read(after: bigint | null, limit: number, settled: bigint): Promise<Arrivals> {
    const start = after ?? 0n;
    const all: StampRange = { after, until: settled };
    if (limit < 1 || settled < start) return { arrivals: [], rows: 0, reached: start, more: false };
    const near = start + WINDOW_NANOS < settled ? start + WINDOW_NANOS : settled;
    const arrived = after === null ? [] : await this.within({ after, until: near }, limit);
    if (after !== null && (arrived.length >= limit || near === settled))
      return this.page(arrived, { after: start, until: near }, limit, settled);
    const far = await this.fewEnough(all, limit * ROWS_PER_ARRIVAL);
    if (after !== null && far <= near)
      return this.page(arrived, { after: start, until: near }, limit, settled);
    return this.page(
      await this.within({ after, until: far }, limit),
      { after: start, until: far },
      limit,
      settled,
    );
  }

  /** Whole writes up to the limit, each arrival once. */
  private async page(
    arrived: readonly Arrived[],
    { after: start, until }: { readonly after: bigint; readonly until: bigint },
    limit: number,
    settled: bigint,
  ): Promise<Arrivals> {
    const arrivals = new Map<string, Arrival>();
    let rows = 0;
    let reached = start;
    for (const one of arrived) {
      if ((arrivals.size >= limit || rows >= PAGE_ROWS) && one.stamp !== reached)
        return { arrivals: [...arrivals.values()], rows, reached, more: true };
      const text = JSON.stringify([one.arrival.traceId, one.arrival.eventId]);
      if (!arrivals.has(text)) arrivals.set(text, one.arrival);
      rows += one.rows;
      reached = one.stamp;
    }
    const more =
      (arrived.length >= limit || until < settled) && (await this.any({ after: reached, until: settled }));
    return { arrivals: [...arrivals.values()], rows, reached, more };
  }

  /** Arrivals of a range in order: at least `limit` where there are so many, and of each write all or none. */
  private async within(range: StampRange, limit: number): Promise<Arrived[]> {
    const parts = await Promise.all(
      this.tables.map(async (table) => {
        const { sql, arrived } = ARRIVED[table];
        return arrived(await this.engine.query(sql(range, limit)));
      }),
    );
    // Where one of them was cut, the others may lie behind the cut.
    const ends = parts.filter(({ length }) => length >= limit).map((cut) => cut.at(-1)!.stamp);
    const end = ends.reduce((least, stamp) => (stamp < least ? stamp : least), range.until);
    return parts
      .flat()
      .filter(({ stamp }) => stamp <= end)
      .sort((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0));
  }

  /** How far a range may be read with no more than about so many rows of either kind. */
  private async fewEnough(range: StampRange, rows: number): Promise<bigint> {
    const stamps = await Promise.all(
      this.tables.map(async (table) => {
        const block = readBlocks(await this.engine.query(stampOfRowSql(table, range, rows)))[0];
        return block === undefined ? range.until : block.uint64('received', 0);
      }),
    );
    return stamps.reduce((least, stamp) => (stamp < least ? stamp : least), range.until);
  }

  private async any(range: StampRange): Promise<boolean> {
    for (const table of this.tables)
      if (readBlocks(await this.engine.query(anyArrivedSql(table, range))).length > 0) return true;
    return false;
  }
}

function arrivedSpans(answer: Uint8Array): Arrived[] {
  return readBlocks(answer).flatMap((block) => {
    const traceIds = block.fixed('trace_id');
    return Array.from({ length: block.rows }, (_, row) => ({
      stamp: block.uint64('received', row),
      arrival: { traceId: hexAt(traceIds, row * 16, 16), eventId: '' },
      rows: block.count('row_count', row),
    }));
  });
}

function arrivedRecords(answer: Uint8Array): Arrived[] {
  return readBlocks(answer).flatMap((block) =>
    Array.from({ length: block.rows }, (_, row) => {
      const { traceId, eventId } = decodeRecordBody(block.text('body', row));
      return { stamp: block.uint64('received', row), arrival: { traceId, eventId }, rows: 1 };
    }),
  );
}

const ARRIVED = {
  spans: { sql: arrivedSpansSql, arrived: arrivedSpans },
  logs: { sql: arrivedLogsSql, arrived: arrivedSpans },
  records: { sql: arrivedRecordsSql, arrived: arrivedRecords },
};
