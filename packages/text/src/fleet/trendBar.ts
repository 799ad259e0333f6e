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
  const length = to > from ? to - from : 1n;
  const periods = hop.trend.map((period) => ({
    period,
    from: nanos(period.fromUnixNano) - from,
    to: nanos(period.toUnixNano) - from,
  }));
  let bar = '';
  for (let at = 0; at < width; at++) {
    const [begin, end] = [(length * BigInt(at)) / BigInt(width), (length * BigInt(at + 1)) / BigInt(width)];
    const within = periods.filter((one) => isIn((one.from + one.to) / 2n, begin, end));
    // Where there are fewer periods than characters, one fills several.
    const of =
      within.length > 0 ? within : periods.filter((one) => isIn((begin + end) / 2n, one.from, one.to));
    bar += levelOf(
      of.map(({ period }) => period),
      hop.broken > 0,
    );
  }
  return bar;
}

function isIn(moment: bigint, from: bigint, to: bigint): boolean {
  return moment >= from && moment < to;
}

function levelOf(periods: HopHealth['trend'], loses: boolean): string {
  const declared = periods.reduce((sum, one) => sum + one.declared, 0);
  const joined = periods.reduce((sum, one) => sum + one.stitched + one.unlinked, 0);
  if (declared + joined === 0) return NOTHING;
  // What event records told is joined by ID as it should be: nothing is lost on a hop that lost nothing.
  if (!loses || joined === 0) return LEVELS[0]!;
  // A little is never shown as nothing, nor almost all as all.
  const share = joined / (declared + joined);
  return LEVELS[declared === 0 ? 7 : Math.min(6, Math.max(1, Math.round(share * 7)))]!;
}
