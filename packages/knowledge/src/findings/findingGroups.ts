import { counted, type FindingGroup, type Mute, type TallySum } from '@upshot/model';
import {
  FINDING,
  FindingCounter,
  type FindingSeries,
  groupIdOf,
  parseFindingSeries,
} from './findingSeries.js';

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Groups of findings from sums of the tally `finding`: the worst severity first, then the most workflows. */
export function findingGroups(
  sums: readonly TallySum[],
  mutes: ReadonlyMap<string, Mute>,
  nowUnixNano: bigint,
): FindingGroup[] {
  return sums
    .filter(({ tally }) => tally.kind === FINDING)
    .map(({ tally }): FindingGroup => {
      const series = parseFindingSeries(tally.series);
      const id = groupIdOf(tally.series);
      const count = tally.counts.get(FindingCounter.workflows) ?? 0;
      return {
        id,
        kind: series.kind,
        hop: series.hop,
        message: messageOf(series, count, tally.firstUnixNano),
        severity: series.severity,
        count,
        firstSeenUnixNano: String(tally.firstUnixNano),
        lastSeenUnixNano: String(tally.lastUnixNano),
        keys: tally.examples,
        muted: inForce(mutes.get(id), nowUnixNano),
      };
    })
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.count - a.count ||
        (a.id < b.id ? -1 : 1),
    );
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
