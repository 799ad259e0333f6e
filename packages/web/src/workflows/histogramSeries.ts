import { millis, nanos } from '../words/format.js';
import type { WorkflowStatus } from '../words/statuses.js';
import type { HistogramAnswer } from './histogramAnswer.js';

const ABOVE: readonly WorkflowStatus[] = ['completed', 'in-progress'];
const BELOW: readonly WorkflowStatus[] = ['failed', 'stuck', 'retrying'];
/** Trouble is drawn larger by a whole factor, so that 3 among 400 are seen, but no further than this: 1 is not to look like 400. */
const LARGEST_FACTOR = 20;
/** The part of the upper half that the lower one may fill. */
const LOWER_HALF = 0.6;

export interface HistogramSeries {
  /** Seconds, where each bar begins. */
  readonly times: readonly number[];
  /** Drawn in this order, each over the one before: sums for what is stacked. Below the line values are negative and scaled. */
  readonly layers: readonly {
    readonly status: WorkflowStatus;
    readonly values: readonly (number | null)[];
  }[];
  /** By how much the lower half is drawn larger than the upper one. */
  readonly factor: number;
  /** Seconds. */
  readonly edges: readonly [from: number, to: number];
}

/** What is drawn of a histogram. */
export function histogramSeries({ buckets }: HistogramAnswer): HistogramSeries {
  const stacked = (statuses: readonly WorkflowStatus[]) =>
    statuses.map((status, last) =>
      buckets.map(({ counts }) => {
        // Nothing of this state: no bar, not one that lies hidden behind another.
        if (!counts[status]) return null;
        return statuses.slice(0, last + 1).reduce((sum, one) => sum + (counts[one] ?? 0), 0);
      }),
    );
  const above = stacked(ABOVE);
  const below = stacked(BELOW);
  const highest = most(above);
  const lowest = most(below);
  const factor =
    lowest === 0 || highest === 0
      ? 1
      : Math.max(1, Math.min(LARGEST_FACTOR, Math.floor((LOWER_HALF * highest) / lowest)));
  const layers = [
    ...ABOVE.map((status, at) => ({ status, values: above[at]! })),
    ...BELOW.map((status, at) => ({ status, values: below[at]!.map((value) => value && -value * factor) })),
  ].reverse();
  const seconds = (text: string) => millis(nanos(text)) / 1000;
  return {
    times: buckets.map((bucket) => seconds(bucket.fromUnixNano)),
    // The largest sum first: what is drawn later lies in front of it.
    layers,
    factor,
    edges: [seconds(buckets[0]?.fromUnixNano ?? '0'), seconds(buckets.at(-1)?.toUnixNano ?? '0')],
  };
}

function most(layers: readonly (readonly (number | null)[])[]): number {
  return layers.flat().reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
}
