import { type RollUp, type RollUpQuery, SOUGHT_SEPARATOR } from '@upshot/model';

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
  if (!mayHold(rollUp, query) || (query.unsure && isSoughtKnown(rollUp, query))) return false;
  if (statuses === undefined || statuses.any.includes(rollUp.status)) return true;
  return rollUp.changesAtUnixNano !== null && rollUp.changesAtUnixNano <= statuses.nowUnixNano;
}

/** Whether attributes and text of a query are in what a note is looked for by, or may be. */
function mayHold({ sought }: RollUp, { attributes = [], text }: RollUpQuery): boolean {
  const known = sought?.attributes ?? null;
  if (known !== null && attributes.some((hash) => !known.includes(hash))) return false;
  const texts = sought?.texts ?? null;
  return (
    text === undefined || texts === null || texts.split(SOUGHT_SEPARATOR).some((one) => one.includes(text))
  );
}

/** Whether it is known of a note by what it is looked for, as far as a query asks. */
export function isSoughtKnown(
  { sought }: RollUp,
  { attributes = [], text }: Pick<RollUpQuery, 'attributes' | 'text'>,
): boolean {
  return (
    (attributes.length === 0 || !!sought?.attributes) &&
    (text === undefined || typeof sought?.texts === 'string')
  );
}

/** The order of `Store.rollUps`: newest first, ties by ID, both descending. */
export function compareRollUps(
  a: Pick<RollUp, 'timeUnixNano' | 'id'>,
  b: Pick<RollUp, 'timeUnixNano' | 'id'>,
): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
