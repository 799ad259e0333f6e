import type { Arrival } from '@upshot/model';
import type { ArrivedRows } from './ArrivedRows.js';

/**
 * What is assembled together. Of few rows, so that the garbage of one piece is gone before it is promoted (70 µs a span with 4,096 rows, 45 with 768, 39 with 384, 41 with 256); of no
 * fewer traces than rounds of look-ups are worth, where the rows of most lie elsewhere.
 */
const CHUNK = { rows: 384, traces: 256 };
/** The same of what began so long ago that the store is asked what belongs to it: a question takes 10 to 40 ms, of however many. */
const LATE_CHUNK = { rows: 3_072, traces: 256 };

type Rows = Pick<ArrivedRows, 'rowsOf' | 'isRecent'>;

/** Arrivals in pieces of so many rows or traces: what is read for one piece is forgotten before it grows old. `rows`: those at hand, where there are any. */
export function* chunksOf(arrivals: readonly Arrival[], rows: Rows | null): Generator<readonly Arrival[]> {
  const isRecent = ({ traceId }: Arrival) => rows?.isRecent(traceId) ?? false;
  yield* pieces(arrivals.filter(isRecent), rows, CHUNK);
  yield* pieces(
    arrivals.filter((arrival) => !isRecent(arrival)),
    rows,
    LATE_CHUNK,
  );
}

function* pieces(
  arrivals: readonly Arrival[],
  rows: Rows | null,
  most: typeof CHUNK,
): Generator<readonly Arrival[]> {
  let chunk: Arrival[] = [];
  let count = 0;
  for (const arrival of arrivals) {
    const own = rows?.rowsOf(arrival.traceId).length ?? 1;
    // What is large stands alone: where it is too large, the others must not be looked up with it.
    if (own >= most.rows && chunk.length > 0) {
      yield chunk;
      chunk = [];
      count = 0;
    }
    chunk.push(arrival);
    count += own;
    if (count < most.rows && chunk.length < most.traces) continue;
    yield chunk;
    chunk = [];
    count = 0;
  }
  if (chunk.length > 0) yield chunk;
}
