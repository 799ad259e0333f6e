import {
  counted,
  earlier,
  type FindingGroup,
  later,
  type Mute,
  type Tally,
  type TallySum,
} from '@upshot/model';
import type { Periods } from '../hops/healthOf.js';
import {
  FINDING,
  FindingCounter,
  type FindingSeries,
  groupIdOf,
  parseFindingSeries,
} from './findingSeries.js';

const SEVERITIES = ['error', 'warning', 'info'] as const;

const NANOS_PER_MINUTE = 60_000_000_000n;
const EXAMPLES = 3;

/**
 * Groups of findings from sums of the tally `finding` over periods of `every` minutes, by time: the worst severity first, then the most
 * workflows.
 */
export function findingGroups(
  sums: readonly TallySum[],
  { every }: Periods,
  mutes: ReadonlyMap<string, Mute>,
  nowUnixNano: bigint,
): FindingGroup[] {
  const bySeries = new Map<string, TallySum[]>();
  for (const sum of sums) {
    if (sum.tally.kind !== FINDING) continue;
    const own = bySeries.get(sum.tally.series);
    if (own === undefined) bySeries.set(sum.tally.series, [sum]);
    else own.push(sum);
  }
  return [...bySeries]
    .map(([text, own]): FindingGroup => {
      const series = parseFindingSeries(text);
      const id = groupIdOf(text);
      const count = own.reduce((total, { tally }) => total + workflowsOf(tally), 0);
      const first = own.map(({ tally }) => tally.firstUnixNano).reduce(earlier);
      return {
        id,
        kind: series.kind,
        hop: series.hop,
        message: messageOf(series, count, first),
        severity: series.severity,
        count,
        firstSeenUnixNano: String(first),
        lastSeenUnixNano: String(own.map(({ tally }) => tally.lastUnixNano).reduce(later)),
        keys: [...new Set(own.toReversed().flatMap(({ tally }) => tally.examples))].slice(0, EXAMPLES),
        muted: inForce(mutes.get(id), nowUnixNano),
        trend: own
          .filter(({ tally }) => workflowsOf(tally) > 0)
          .map(({ minute, tally }) => ({
            fromUnixNano: String(BigInt(minute) * NANOS_PER_MINUTE),
            toUnixNano: String(BigInt(minute + every) * NANOS_PER_MINUTE),
            count: workflowsOf(tally),
          })),
      };
    })
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.count - a.count ||
        (a.id < b.id ? -1 : 1),
    );
}

function workflowsOf({ counts }: Tally): number {
  return counts.get(FindingCounter.workflows) ?? 0;
}

/** A mute whose time is over is none. */
export function inForce(mute: Mute | undefined, nowUnixNano: bigint): Mute | null {
  if (mute === undefined) return null;
  return mute.untilUnixNano === null || BigInt(mute.untilUnixNano) > nowUnixNano ? mute : null;
}

function messageOf({ about }: FindingSeries, count: number, firstUnixNano: bigint): string {
  const iso = new Date(Number(firstUnixNano / 1_000_000n)).toISOString();
  return `${about}: ${counted(count, 'workflow')} since ${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC.`;
}
