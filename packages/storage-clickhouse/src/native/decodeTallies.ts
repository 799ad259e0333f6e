import type { Minute } from '@upshot/model';
import type { TallyHead } from '../sql/talliesSql.js';
import { viewOf } from './decodeRecordRows.js';
import type { NativeBlock } from './NativeBlock.js';
import { textOf } from './NativeReader.js';

/** A sum without its examples, and the minutes in which these are to be found. */
export interface SumRow {
  readonly span: Minute;
  readonly kind: string;
  readonly series: string;
  readonly firstUnixNano: bigint;
  readonly lastUnixNano: bigint;
  /** Counters, and the count of each: none is 0. */
  readonly numbers: Int32Array;
  readonly counts: Float64Array;
  readonly exampleMinutes: readonly Minute[];
}

/** The rows of an answer to `tallySumsSql`. */
export function decodeTallySums(blocks: readonly NativeBlock[]): SumRow[] {
  return blocks.flatMap((block) => {
    const [kinds, series] = [texts(block, 'kind'), texts(block, 'series')];
    const [numbers, counts] = [block.arrays('counter_numbers'), block.arrays('counter_sums')];
    const [numberView, countView] = [viewOf(numbers.items), viewOf(counts.items)];
    const minutes = block.arrays('example_minutes');
    const minuteView = viewOf(minutes.items);
    return Array.from({ length: block.rows }, (_, row): SumRow => {
      const [start, end] = itemsOf(numbers.ends, row);
      const ofRow = { numbers: new Int32Array(end - start), counts: new Float64Array(end - start) };
      let filled = 0;
      for (let at = start; at < end; at++) {
        const count =
          countView.getUint32(at * 8, true) + countView.getUint32(at * 8 + 4, true) * 4_294_967_296;
        if (count === 0) continue;
        ofRow.numbers[filled] = numberView.getInt32(at * 4, true);
        ofRow.counts[filled++] = count;
      }
      const [firstMinute, endOfMinutes] = itemsOf(minutes.ends, row);
      return {
        span: block.count('span', row),
        kind: kinds(row),
        series: series(row),
        firstUnixNano: block.uint64('earliest', row),
        lastUnixNano: block.uint64('latest', row),
        exampleMinutes: Array.from({ length: endOfMinutes - firstMinute }, (_, at) =>
          minuteView.getUint32((firstMinute + at) * 4, true),
        ),
        numbers: ofRow.numbers.subarray(0, filled),
        counts: ofRow.counts.subarray(0, filled),
      };
    });
  });
}

/** How many minutes the rows without a kind are of, in an answer to `tallySumsSql` with heads. */
export function decodeMinuteCount(blocks: readonly NativeBlock[]): number {
  let count = 0;
  for (const block of blocks) {
    const kinds = texts(block, 'kind');
    for (let row = 0; row < block.rows; row++)
      if (kinds(row) === '') count += block.count('minute_count', row);
  }
  return count;
}

/** The rows of an answer to `tallyHeadsSql`. */
export function decodeTallyHeads(blocks: readonly NativeBlock[]): TallyHead[] {
  return blocks.flatMap((block) => {
    const minutes = viewOf(block.fixed('minute'));
    return Array.from({ length: block.rows }, (_, row) => ({
      minute: minutes.getUint32(row * 4, true),
      written: block.uint64('latest_write', row),
    }));
  });
}

export interface ExampleRow {
  readonly minute: Minute;
  readonly kind: string;
  readonly series: string;
  /** The latest first. */
  readonly examples: readonly string[];
}

/** The rows of an answer to `tallyExamplesSql`. */
export function decodeTallyExamples(blocks: readonly NativeBlock[]): ExampleRow[] {
  return blocks.flatMap((block) => {
    const [kinds, series] = [texts(block, 'kind'), texts(block, 'series')];
    const minutes = viewOf(block.fixed('minute'));
    return Array.from({ length: block.rows }, (_, row) => ({
      minute: minutes.getUint32(row * 4, true),
      kind: kinds(row),
      series: series(row),
      examples: JSON.parse(block.text('examples', row)) as string[],
    }));
  });
}

/** The rows of an answer to `tallyMarksSql`. */
export function decodeTallyMarks(blocks: readonly NativeBlock[]): Map<Minute, bigint> {
  return new Map(
    blocks.flatMap((block) =>
      Array.from({ length: block.rows }, (_, row): [Minute, bigint] => [
        block.count('span', row),
        block.uint64('mark', row),
      ]),
    ),
  );
}

function texts(block: NativeBlock, name: string): (row: number) => string {
  const { values, indexes } = block.dictionary(name);
  const decoded = values.map(textOf);
  return (row) => decoded[indexes[row]!]!;
}

function itemsOf(ends: Uint32Array, row: number): readonly [start: number, end: number] {
  return [row === 0 ? 0 : ends[row - 1]!, ends[row]!];
}
