import type { CurvePoint } from '../plots/Curve.js';
import { formatClock, formatCount, formatTimestamp, millis, nanos } from '../words/format.js';
import type { FindingGroup } from './findingGroups.js';

type Trend = FindingGroup['trend'];

/** The counts of a group as a curve. */
export function curveOf(trend: Trend): CurvePoint[] {
  return trend.map(({ fromUnixNano, toUnixNano, count }) => ({
    from: seconds(fromUnixNano),
    to: seconds(toUnixNano),
    value: count,
  }));
}

/** The time that all curves of the page show, in seconds: from the first count to the last, at least to now. */
export function rangeOf(
  groups: readonly Pick<FindingGroup, 'trend'>[],
  now: bigint,
): readonly [from: number, to: number] {
  let from = millis(now) / 1000;
  let to = from;
  for (const { trend } of groups) {
    if (trend.length === 0) continue;
    from = Math.min(from, seconds(trend[0]!.fromUnixNano));
    to = Math.max(to, seconds(trend.at(-1)!.toUnixNano));
  }
  return [from, to];
}

const MINUTE = 60_000_000_000n;

/** `most: 12 in 2 min from 14:20 UTC`; with its day where it was another one than the last. */
export function curveWords(trend: Trend): string {
  const most = trend.reduce<Trend[number] | null>(
    (best, period) => (best === null || period.count > best.count ? period : best),
    null,
  );
  if (most === null) return 'not counted yet';
  const [from, to] = [nanos(most.fromUnixNano), nanos(most.toUnixNano)];
  const stamp = formatTimestamp(from);
  const isOfLastDay = stamp.slice(0, 10) === formatTimestamp(nanos(trend.at(-1)!.fromUnixNano)).slice(0, 10);
  const when = isOfLastDay ? formatClock(from).slice(0, 5) : stamp.slice(0, 16);
  return `most: ${formatCount(most.count)} in ${Number((to - from) / MINUTE)} min from ${when} UTC`;
}

function seconds(unixNano: string): number {
  return millis(nanos(unixNano)) / 1000;
}
