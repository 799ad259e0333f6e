import type { Minute, Tally } from '@upshot/model';
import { viewOf } from './decodeRecordRows.js';
import type { NativeBlock } from './NativeBlock.js';
import { textOf } from './NativeReader.js';

/** A sum without its examples, and the minutes in which these are to be found. */
export interface SumRow extends Omit<Tally, 'examples'> {
  readonly span: Minute;
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
      const counters = new Map<number, number>();
      for (const at of itemsOf(numbers.ends, row)) {
        const count = Number(countView.getBigUint64(at * 8, true));
        if (count > 0) counters.set(numberView.getInt32(at * 4, true), count);
      }
      return {
        span: block.count('span', row),
        kind: kinds(row),
        series: series(row),
        firstUnixNano: block.uint64('earliest', row),
        lastUnixNano: block.uint64('latest', row),
        exampleMinutes: itemsOf(minutes.ends, row).map((at) => minuteView.getUint32(at * 4, true)),
        counts: counters,
      };
    });
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

function texts(block: NativeBlock, name: string): (row: number) => string {
  const { values, indexes } = block.dictionary(name);
  const decoded = values.map(textOf);
  return (row) => decoded[indexes[row]!]!;
}

function itemsOf(ends: Uint32Array, row: number): number[] {
  const start = row === 0 ? 0 : ends[row - 1]!;
  return Array.from({ length: ends[row]! - start }, (_, i) => start + i);
}
