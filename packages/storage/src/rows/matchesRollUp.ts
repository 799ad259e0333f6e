import type { RollUp, RollUpQuery } from '@upshot/model';

/** Whether the latest version of a place is what a query asks for, its limit aside. */
export function matchesRollUp(rollUp: RollUp, query: RollUpQuery): boolean {
  const { since, before, times, behind, facets, statuses, newerThan, gone = false } = query;
  const { timeUnixNano: time } = rollUp;
  if (rollUp.gone && !gone) return false;
  if (since !== undefined && time < since) return false;
  if (before !== undefined && time >= before) return false;
  if (times !== undefined && !times.includes(time)) return false;
  if (behind !== undefined && compareRollUps(rollUp, behind) <= 0) return false;
  if (newerThan !== undefined && rollUp.version <= newerThan) return false;
  if (facets?.some((facet) => !rollUp.facets.includes(facet))) return false;
  if (statuses === undefined || statuses.any.includes(rollUp.status)) return true;
  return rollUp.changesAtUnixNano !== null && rollUp.changesAtUnixNano <= statuses.nowUnixNano;
}

/** The order of `Store.rollUps`: newest first, ties by ID, both descending. */
export function compareRollUps(
  a: Pick<RollUp, 'timeUnixNano' | 'id'>,
  b: Pick<RollUp, 'timeUnixNano' | 'id'>,
): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
