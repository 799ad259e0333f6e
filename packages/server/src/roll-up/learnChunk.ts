import { askLearned, type Learned } from '@upshot/causality';
import type { Rules } from '@upshot/conventions';
import { type Arrival, decodeSpans, type RollUp } from '@upshot/model';
import { RowsRead } from '../ask/list/RowsRead.js';
import { asking, type Questioning } from '../ask/Questioning.js';
import type { ArrivedRows } from './ArrivedRows.js';
import { askingRecent } from './askingRecent.js';
import { type FoundRows, mustBeWhole } from './mustBeWhole.js';
import { notedAt } from './notedAt.js';
import { notesOf } from './notesOf.js';
import type { RollUpState } from './RollUpState.js';
import { RowAttributes } from './RowAttributes.js';

const NONE: ReadonlySet<string> = new Set();

/** Rows of one trace that are taken as they arrived. One that brings more at once is read from the store, where what is too large is cut. */
const MOST_SEEDED = 20_000;

/** What the chunks of one page have in common. */
export interface PageUnderWay {
  readonly state: RollUpState;
  /** The rows that arrived; null where none did. */
  readonly rows: ArrivedRows | null;
  /** They may have been noted already. */
  readonly isAgain: boolean;
  readonly nowUnixNano: bigint;
  readonly conventions: Rules | null;
  readonly rules: string;
  readonly version: bigint;
  /** Traces, and events of records, that were met whole with others: of large workflows, which must not be assembled once for each of their parts. */
  readonly covered: Set<string>;
  readonly clock: () => number;
}

/** The notes of the workflows to which these arrivals belong. `page.covered` learns what else of the page they hold. */
export function* learnChunk(page: PageUnderWay, chunk: readonly Arrival[]): Questioning<RollUp[]> {
  const { state, rows, nowUnixNano, conventions, version, clock } = page;
  const began = clock();
  const read = new RowsRead([]);
  const attributes = new RowAttributes();
  let count = 0;
  const watch = (found: FoundRows) => {
    mustBeWhole(found);
    count += found.spans.rows + found.records.length;
    read.add(found);
    attributes.addSpans(decodeSpans(found.spans));
    attributes.addRecords(found.records);
  };
  const { workflows, cut, cutBy, covered, correlationIds } = yield* asked();
  if (state.seen !== null) for (const id of correlationIds) state.seen.add(id);
  // One workflow that is too large to be read whole must not hide the others.
  if (cut && chunk.length > 1) {
    const notes: RollUp[] = [];
    for (const part of partsOf(chunk, cutBy))
      for (const one of yield* learnChunk(page, part)) notes.push(one);
    return notes;
  }
  for (const name of covered) page.covered.add(name);
  const fresh = page.isAgain ? NONE : (rows?.fresh ?? NONE);
  const entered = workflows.map((learned) => ({ learned, entries: read.entriesOf(learned.graph) }));
  const existing = yield* notedAt(
    entered.flatMap(({ learned: { graph }, entries }) => state.noted.unknownTimes(graph, entries, fresh)),
  );
  const notes = entered.flatMap(({ learned, entries }) =>
    notesOf(learned, {
      entries,
      environments: read.environmentsOf(learned.graph),
      attributes: attributes.of(learned.graph, state.recurring),
      rules: page.rules,
      version,
      noted: state.noted,
      fresh,
      existing,
    }),
  );
  noteHeavy(state, workflows, count, clock() - began, clock());
  return notes;

  function* asked() {
    const options = { nowUnixNano, conventions };
    if (rows === null) return yield* asking(askLearned(chunk, options), watch);
    const seeded = chunk.filter(({ traceId }) => rows.rowsOf(traceId).length <= MOST_SEEDED);
    for (const { traceId } of seeded) {
      const at = rows.rowsOf(traceId);
      count += at.length;
      for (const row of at) read.addRow(row);
    }
    const records = rows.recordsOf(chunk);
    count += records.length;
    read.addRecords(records);
    attributes.addRecords(records);
    const spans = rows.spansOf(seeded);
    attributes.addSpans(spans);
    const given = new Set(seeded.map(({ traceId }) => traceId).filter((id) => rows.isWhole(id)));
    return yield* askingRecent(
      askLearned(chunk, options, { spans, records, whole: given }),
      {
        page: rows,
        rows: state.recent,
        seen: state.sampled === null ? state.seen : null,
        given,
      },
      watch,
    );
  }
}

/** The one trace that was too large and the others; else halves. */
function partsOf(chunk: readonly Arrival[], cutBy: string | null): readonly (readonly Arrival[])[] {
  const apart = chunk.filter(({ traceId }) => traceId === cutBy);
  if (apart.length > 0 && apart.length < chunk.length)
    return [apart, chunk.filter(({ traceId }) => traceId !== cutBy)];
  const half = chunk.length >> 1;
  return [chunk.slice(0, half), chunk.slice(half)];
}

function noteHeavy(
  { heavy }: RollUpState,
  workflows: readonly Learned[],
  read: number,
  tookMs: number,
  nowMs: number,
): void {
  for (const { graph } of workflows) {
    const nodes = graph.events.length + graph.attempts.length + graph.steps.length;
    heavy.note(graph.traceIds, nodes, (tookMs * nodes) / Math.max(1, read), nowMs);
  }
}
