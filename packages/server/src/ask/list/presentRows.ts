import { askWorkflowsAt, rowOf } from '@upshot/causality';
import type { RollUp, WorkflowRow } from '@upshot/model';
import type { NotedRow } from '../../roll-up/notesOf.js';
import { entryName } from '../../roll-up/placeNames.js';
import type { ListQuestion, Question } from '../Question.js';
import { asking, type Questioning } from '../Questioning.js';
import { type Candidate, candidatesAt, WHOLE } from './candidatesAt.js';
import { hasId } from './matchesFilter.js';

type Asked = Pick<ListQuestion, 'filter' | 'rules'> & Pick<Question, 'nowUnixNano' | 'conventions'>;

/** The line of a note as of now, with the IDs under which it was noted before. */
export interface PresentRow {
  readonly row: WorkflowRow;
  readonly former: readonly string[];
}

/** The rows of the notes as of now. A state that the clock, or other rules, may have changed since is looked at again, by assembling that workflow. */
export function* presentRows(
  notes: readonly RollUp[],
  { nowUnixNano, conventions = null, rules }: Omit<Asked, 'filter'>,
): Questioning<PresentRow[]> {
  const rows = notes.map(notedRowOf);
  const stale = notes.flatMap(({ changesAtUnixNano, timeUnixNano }, at) =>
    (changesAtUnixNano !== null && changesAtUnixNano <= nowUnixNano) || rows[at]!.rules !== rules
      ? [{ timeUnixNano, ...rows[at]!.entry }]
      : [],
  );
  const fresh = new Map<string, WorkflowRow>();
  const graphs = yield* asking(askWorkflowsAt(stale, { nowUnixNano, conventions, limit: WHOLE }));
  for (const graph of graphs) fresh.set(graph.key, rowOf(graph));
  return rows.map(({ entry: _entry, rules: _rules, former = [], ...row }) => ({
    row: fresh.get(row.key) ?? row,
    former,
  }));
}

/**
 * The same where filters look into what was said: each workflow is assembled, and null stands where it does not pass. `but`: nor where this is an ID of it.
 */
export function* verifiedRows(
  notes: readonly RollUp[],
  asked: Asked,
  but: string | null,
): Questioning<(PresentRow | null)[]> {
  const noted = notes.map(notedRowOf);
  const places = notes.map(({ timeUnixNano }, at) => ({ timeUnixNano, ...noted[at]!.entry }));
  const candidates = yield* candidatesAt(places, asked.filter, asked);
  const byPlace = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const name of new Set([candidate.position, ...candidate.entries].map(entryName))) {
      const there = byPlace.get(name);
      if (there === undefined) byPlace.set(name, [candidate]);
      else there.push(candidate);
    }
  }
  return noted.map(({ key, entry, former = [] }) => {
    const there = byPlace.get(entryName(entry)) ?? [];
    // Its key may be another by now, if what lies there is one workflow still.
    const candidate =
      there.find(({ graph }) => graph.key === key) ?? (there.length === 1 ? there[0] : undefined);
    if (!candidate?.passes || (but !== null && hasId(candidate.graph, but))) return null;
    return { row: rowOf(candidate.graph), former };
  });
}

function notedRowOf({ row }: RollUp): NotedRow {
  return JSON.parse(row) as NotedRow;
}
