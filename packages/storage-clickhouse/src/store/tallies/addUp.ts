import type { Minute, TallyQuery, TallySum } from '@upshot/model';
import { compareTallySums, latestExamples, spanOfMinute } from '@upshot/storage';
import type { PackedSum } from './PackedSum.js';

/** Counters of lower numbers than this are summed in an array: all that are in use. */
const DENSE = 32_768;

/** Sums of parts that do not overlap, for each span of `every` minutes, in the order of `Store.tallies`. */
export function addUp(
  parts: readonly PackedSum[],
  { every, examples: wanted }: Pick<TallyQuery, 'every' | 'examples'>,
): TallySum[] {
  return packUp(parts, every)
    .map((sum): TallySum => {
      const { span, kind, series, firstUnixNano, lastUnixNano } = sum;
      const examples = wanted === 'none' ? [] : sum.examples;
      const counts = countsOf(sum);
      return { minute: span, tally: { kind, series, firstUnixNano, lastUnixNano, examples, counts } };
    })
    .sort(compareTallySums);
}

/** Sums of parts that do not overlap, for each span of `every` minutes, in no particular order. */
export function packUp(parts: readonly PackedSum[], every: number | undefined): PackedSum[] {
  const spans = new Map<Minute, Map<string, Map<string, PackedSum[]>>>();
  for (const part of parts) {
    const kinds = inside(spans, spanOfMinute(part.span, every));
    const series = inside(kinds, part.kind);
    const others = series.get(part.series);
    if (others === undefined) series.set(part.series, [part]);
    else others.push(part);
  }
  const counters = new Counters();
  const sums: PackedSum[] = [];
  for (const [span, kinds] of spans)
    for (const series of kinds.values())
      for (const of of series.values()) sums.push(sumOf(of, span, counters));
  return sums;
}

function inside<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  let inner = map.get(key);
  if (inner === undefined) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}

function sumOf(of: PackedSum[], span: Minute, counters: Counters): PackedSum {
  const [one] = of as [PackedSum];
  if (of.length === 1) return one.span === span ? one : { ...one, span };
  of.sort((a, b) => b.span - a.span);
  let [first, last] = [one.firstUnixNano, one.lastUnixNano];
  for (const { firstUnixNano, lastUnixNano } of of) {
    if (firstUnixNano < first) first = firstUnixNano;
    if (lastUnixNano > last) last = lastUnixNano;
  }
  return {
    span,
    kind: one.kind,
    series: one.series,
    firstUnixNano: first,
    lastUnixNano: last,
    examples: latestExamples(of.map(({ examples }) => examples)),
    ...counters.sum(of),
  };
}

function countsOf({ numbers, counts }: PackedSum): Map<number, number> {
  const all = new Map<number, number>();
  for (let at = 0; at < numbers.length; at++) all.set(numbers[at]!, counts[at]!);
  return all;
}

/** Adds counters of many parts: a Map for each took ten times as long. */
class Counters {
  private readonly dense = new Float64Array(DENSE);
  private readonly met: number[] = [];

  sum(parts: readonly PackedSum[]): Pick<PackedSum, 'numbers' | 'counts'> {
    const { dense, met } = this;
    met.length = 0;
    const beyond = new Map<number, number>();
    for (const { numbers, counts } of parts) {
      for (let at = 0; at < numbers.length; at++) {
        const number = numbers[at]!;
        if (number < 0 || number >= DENSE) {
          beyond.set(number, (beyond.get(number) ?? 0) + counts[at]!);
          continue;
        }
        if (dense[number] === 0) met.push(number);
        dense[number]! += counts[at]!;
      }
    }
    const numbers = new Int32Array(met.length + beyond.size);
    const counts = new Float64Array(numbers.length);
    let filled = 0;
    for (const number of met) {
      numbers[filled] = number;
      counts[filled++] = dense[number]!;
      dense[number] = 0;
    }
    for (const [number, count] of beyond) {
      numbers[filled] = number;
      counts[filled++] = count;
    }
    return { numbers, counts };
  }
}
