import { KeyKind, keyOf, type Minute, type Tally, type TallyCell } from '@upshot/model';
import type { NativeWriter } from './NativeWriter.js';
import { filingDay } from './receiptDay.js';

const COLUMNS = 13;
const MINUTES_PER_DAY = 1440;

/** The head of a cell: of no kind, so that no query of tallies meets it. */
const HEAD: Tally = {
  kind: '',
  series: '',
  firstUnixNano: 0n,
  lastUnixNano: 0n,
  examples: [],
  counts: new Map(),
};

interface Row {
  readonly minute: Minute;
  readonly version: bigint;
  readonly tally: Tally;
}

/** Rows that cells take: one for each tally, and the head. */
export function rowsOfCell({ tallies }: TallyCell): number {
  return tallies.length + 1;
}

/**
 * Cells as one `Native` block for the table `tallies`. `written` is greater than in all blocks written before; `receivedMillis` is the Unix
 * time by which wild times are filed.
 */
export function encodeTallies(
  writer: NativeWriter,
  cells: readonly TallyCell[],
  receivedMillis: number,
  written: bigint,
): void {
  const rows = cells.flatMap(({ minute, version, tallies }): Row[] =>
    [HEAD, ...tallies].map((tally) => ({ minute, version, tally })),
  );
  writer.block(COLUMNS, rows.length);
  writer.column('day', 'Date');
  for (const { minute } of rows)
    writer.uint16(filingDay(Math.floor(minute / MINUTES_PER_DAY), receivedMillis));
  writer.column('minute', 'UInt32');
  for (const { minute } of rows) writer.uint32(minute);
  writer.column('kind', 'String');
  for (const { tally } of rows) writer.string(tally.kind);
  writer.column('series', 'String');
  for (const { tally } of rows) writer.string(tally.series);
  writer.column('series_key', 'UInt64');
  for (const { tally } of rows) {
    const [low, high] = keyOf(KeyKind.series, tally.series);
    writer.bigint((BigInt(high) << 32n) | BigInt(low));
  }
  writer.column('version', 'UInt64');
  for (const { version } of rows) writer.bigint(version);
  writer.column('written', 'UInt64');
  writer.repeated(written, rows.length);
  writer.column('first', 'UInt64');
  for (const { tally } of rows) writer.bigint(tally.firstUnixNano);
  writer.column('last', 'UInt64');
  for (const { tally } of rows) writer.bigint(tally.lastUnixNano);
  writer.column('example_count', 'UInt8');
  writer.bytes(Uint8Array.from(rows, ({ tally }) => Math.min(tally.examples.length, 255)));
  writer.column('examples', 'String');
  for (const { tally } of rows) writer.string(JSON.stringify(tally.examples));
  const counters = rows.map(({ tally }) => [...tally.counts]);
  writer.column('numbers', 'Array(Int32)');
  writeEnds(writer, counters);
  for (const row of counters) for (const [number] of row) writer.int32(number);
  writer.column('counts', 'Array(UInt64)');
  writeEnds(writer, counters);
  for (const row of counters) for (const [, count] of row) writer.uint64(count);
}

function writeEnds(writer: NativeWriter, lists: readonly (readonly unknown[])[]): void {
  let end = 0;
  for (const { length } of lists) {
    end += length;
    writer.uint64(end);
  }
}
