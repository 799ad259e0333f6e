import type { TallySum } from '@upshot/model';
import { latestExamples } from '@upshot/storage';
import { viewOf } from './decodeRecordRows.js';
import type { NativeBlock } from './NativeBlock.js';
import { textOf } from './NativeReader.js';

/** The rows of an answer to `tallySumsSql`. */
export function decodeTallySums(blocks: readonly NativeBlock[]): TallySum[] {
  return blocks.flatMap((block) => {
    const [kinds, series] = [block.dictionary('kind'), block.dictionary('series')];
    const [kindTexts, seriesTexts] = [kinds.values.map(textOf), series.values.map(textOf)];
    const [numbers, counts] = [block.arrays('counter_numbers'), block.arrays('counter_sums')];
    const [numberView, countView] = [viewOf(numbers.items), viewOf(counts.items)];
    return Array.from({ length: block.rows }, (_, row): TallySum => {
      const counters = new Map<number, number>();
      for (let at = row === 0 ? 0 : numbers.ends[row - 1]!; at < numbers.ends[row]!; at++)
        counters.set(numberView.getInt32(at * 4, true), Number(countView.getBigUint64(at * 8, true)));
      const lists = JSON.parse(block.text('example_lists', row)) as string[];
      return {
        minute: block.count('span', row),
        tally: {
          kind: kindTexts[kinds.indexes[row]!]!,
          series: seriesTexts[series.indexes[row]!]!,
          firstUnixNano: block.uint64('earliest', row),
          lastUnixNano: block.uint64('latest', row),
          examples: latestExamples(lists.map((list) => JSON.parse(list) as string[])),
          counts: counters,
        },
      };
    });
  });
}
