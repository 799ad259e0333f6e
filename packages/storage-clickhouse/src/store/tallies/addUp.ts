import type { TallyQuery, TallySum } from '@upshot/model';
import { compareTallySums, latestExamples, spanOfMinute } from '@upshot/storage';
import type { PackedSum } from './PackedSum.js';

/** Counters of lower numbers than this are summed in an array: all that are in use. */
const DENSE = 32_768;

/** Sums of parts that do not overlap, for each span of `every` minutes, in the order of `Store.tallies`. */
export function addUp(
  parts: readonly PackedSum[],
  { every, examples: wanted }: Pick<TallyQuery, 'every' | 'examples'>,
): TallySum[] {
  const series = new Map<string, PackedSum[]>();
  for (const part of parts) {
    const name = `${spanOfMinute(part.span, every)} ${part.kind} ${part.series}`;
    const others = series.get(name);
    if (others === undefined) series.set(name, [part]);
    else others.push(part);
  }
  const counters = new Counters();
  return [...series.values()]
    .map((of): TallySum => {
      const { span, kind, series } = of[0]!;
      of.sort((a, b) => b.span - a.span);
      let [first, last] = [of[0]!.firstUnixNano, of[0]!.lastUnixNano];
      for (const { firstUnixNano, lastUnixNano } of of) {
        if (firstUnixNano < first) first = firstUnixNano;
        if (lastUnixNano > last) last = lastUnixNano;
      }
      const counts = of.length === 1 ? countsOf(of[0]!) : counters.sum(of);
      const examples = wanted === 'none' ? [] : latestExamples(of.map((one) => one.examples));
      const tally = { kind, series, firstUnixNano: first, lastUnixNano: last, examples, counts };
      return { minute: spanOfMinute(span, every), tally };
    })
    .sort(compareTallySums);
}

function countsOf({ numbers, counts }: PackedSum): Map<number, number> {
  const all = new Map<number, number>();
  for (let at = 0; at < numbers.length; at++) all.set(numbers[at]!, counts[at]!);
  return all;
}

/** Adds counters of many hours: a Map for each took ten times as long. */
class Counters {
  private readonly dense = new Float64Array(DENSE);

  sum(parts: readonly PackedSum[]): Map<number, number> {
    const sums = new Map<number, number>();
    const met: number[] = [];
    for (const { numbers, counts } of parts) {
      for (let at = 0; at < numbers.length; at++) {
        const number = numbers[at]!;
        if (number < 0 || number >= DENSE) {
          sums.set(number, (sums.get(number) ?? 0) + counts[at]!);
          continue;
        }
        if (this.dense[number] === 0) met.push(number);
        this.dense[number]! += counts[at]!;
      }
    }
    for (const number of met) {
      sums.set(number, this.dense[number]!);
      this.dense[number] = 0;
    }
    return sums;
  }
}
