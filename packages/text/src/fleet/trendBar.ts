import type { HopHealth } from '@upshot/model';
import { nanos } from '../words/nanos.js';

/** Eighths of a cell; the lowest is nothing lost, and is there all the same: something was delivered then. */
const LEVELS = '▁▂▃▄▅▆▇█';
const NOTHING = '·';

/** The time that all bars of a table share, so that what happened together stands one below the other. */
export interface TrendRange {
  readonly from: bigint;
  readonly to: bigint;
}

export function trendRangeOf(hops: readonly HopHealth[]): TrendRange {
  let range: TrendRange | null = null;
  for (const { trend } of hops) {
    for (const { fromUnixNano, toUnixNano } of trend) {
      const [from, to] = [nanos(fromUnixNano), nanos(toUnixNano)];
      range = {
        from: range === null || from < range.from ? from : range.from,
        to: range === null || to > range.to ? to : range.to,
      };
    }
  }
  return range ?? { from: 0n, to: 0n };
}

/** The share of deliveries that lost their context, over time, a character for each part of it: `·▁▁▁███`. */
export function trendBar(hop: HopHealth, { from, to }: TrendRange, width: number): string {
  const sums = Array.from({ length: width }, () => ({ declared: 0, lost: 0 }));
  const length = to - from;
  for (const { fromUnixNano, toUnixNano, declared, stitched, unlinked } of hop.trend) {
    const middle = (nanos(fromUnixNano) + nanos(toUnixNano)) / 2n - from;
    const at = length <= 0n ? 0 : Number((middle * BigInt(width)) / length);
    const sum = sums[Math.min(width - 1, Math.max(0, at))]!;
    // What event records told is joined by ID as it should be: nothing is lost on a hop that lost nothing.
    if (hop.broken === 0) sum.declared += declared + stitched + unlinked;
    else {
      sum.declared += declared;
      sum.lost += stitched + unlinked;
    }
  }
  return sums
    .map(({ declared, lost }) => {
      const all = declared + lost;
      if (all === 0) return NOTHING;
      // A little is never shown as nothing, nor almost all as all.
      const eighths =
        lost === 0 ? 0 : lost === all ? 7 : Math.min(6, Math.max(1, Math.round((lost / all) * 7)));
      return LEVELS[eighths]!;
    })
    .join('');
}
