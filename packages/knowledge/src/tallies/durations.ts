/**
 * Durations counted in logarithmic bins, after DDSketch (Masson, Rim, Lee, VLDB 2019): a quantile read from sums of bins is within 2 % of the true
 * one, whatever was added together and in whichever order.
 */
const RELATIVE_ERROR = 0.02;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** 2^63 ns falls into bin 1092: bins of one sketch fit into this many counters. */
const BINS = 2_000;

/** The bin of a duration in nanoseconds; 0 holds all below 1 ns. */
function binOf(nanos: bigint): number {
  const value = Number(nanos);
  return value < 1 ? 0 : 1 + Math.ceil(Math.log(value) / LOG_GAMMA);
}

/** The counter in which a duration is counted, of a sketch whose counters begin at `base`. */
export function durationCounter(base: number, nanos: bigint): number {
  return base + Math.min(binOf(nanos), BINS - 1);
}

/** The quantiles (0 to 1) of the durations counted from `base` on, nanoseconds; null where none was counted. */
export function quantilesOf(
  counts: ReadonlyMap<number, number>,
  base: number,
  quantiles: readonly number[],
): (number | null)[] {
  const bins: [counter: number, count: number][] = [];
  let total = 0;
  for (const [counter, count] of counts) {
    if (counter < base || counter >= base + BINS) continue;
    bins.push([counter, count]);
    total += count;
  }
  if (total === 0) return quantiles.map(() => null);
  bins.sort(([a], [b]) => a - b);
  return quantiles.map((quantile) => quantileOf(bins, total, base, quantile));
}

function quantileOf(
  bins: readonly (readonly [counter: number, count: number])[],
  total: number,
  base: number,
  quantile: number,
): number {
  // The same rank as a sorted list has: of 100 values, p99 is the 99th.
  let rank = Math.max(1, Math.ceil(quantile * total));
  for (const [counter, count] of bins) {
    rank -= count;
    if (rank <= 0) return middleOf(counter - base);
  }
  return middleOf(bins.at(-1)![0] - base);
}

/** The value that is at most 2 % from any in the bin. */
function middleOf(bin: number): number {
  return bin === 0 ? 0 : Math.round((2 * GAMMA ** (bin - 1)) / (GAMMA + 1));
}
