import { isListed, type Learned, rowOf } from '@upshot/causality';
import { contributionsOf, packContributions } from '@upshot/knowledge';
import type { EntryPoint, RollUp, Sought, WorkflowGraph, WorkflowRow } from '@upshot/model';
import { rememberContributions, writeLesson } from './lessonText.js';
import { type Noted, type NotedElsewhere, noteIdOf, placeOfTrace } from './Noted.js';
import { soughtTexts } from './soughtTexts.js';

/** A line of the list, with where its workflow begins. */
export interface NotedRow extends WorkflowRow {
  readonly entry: { readonly traceId: string; readonly spanId: string; readonly eventId: string };
  /** Names the conventions that were in force. */
  readonly rules: string;
  /** IDs of notes under which it was listed before. */
  readonly former?: readonly string[];
}

/** What a note says beside what the workflow is. */
export interface NoteContext extends NotedElsewhere {
  /** All entry points of the workflow, newest first. */
  readonly entries: readonly EntryPoint[];
  readonly environments: ReadonlySet<string>;
  /** Hashes of the attributes of all its rows; null: too many. */
  readonly attributes: Uint32Array | null;
  /** Names the conventions in force. */
  readonly rules: string;
  readonly version: bigint;
  readonly noted: Noted;
}

const NOTHING_SOUGHT: Sought = { texts: '', attributes: new Uint32Array(0) };

/** Characters of a name in a note: who put 100 KB into a name finds the rest in the workflow. */
const MOST_CHARACTERS = 300;

/**
 * The notes of one workflow: what it is, under the place where it begins and its key, and of each note that it had before, that it is gone.
 */
export function notesOf(
  { graph, lesson, changesAtUnixNano }: Learned,
  { entries, environments, attributes, rules, version, noted, ...elsewhere }: NoteContext,
): RollUp[] {
  if (!isListed(graph)) return [];
  const place = entries.at(-1) ?? {
    ...placeOfTrace(graph.traceIds[0] ?? ''),
    timeUnixNano: BigInt(graph.startTimeUnixNano),
    eventId: graph.traceIds.length === 0 ? graph.key : '',
  };
  const { timeUnixNano, traceId, spanId, eventId } = place;
  const id = noteIdOf(place, graph.key);
  const { gone, former } = noted.replace(id, timeUnixNano, graph, entries, elsewhere);
  const row: NotedRow = {
    ...shortened(rowOf(graph)),
    entry: { traceId, spanId, eventId },
    rules,
    ...(former.length === 0 ? {} : { former }),
  };
  const contributions = packContributions(contributionsOf(lesson, rules));
  const note: RollUp = {
    id,
    timeUnixNano,
    version,
    gone: false,
    key: graph.key,
    status: graph.status,
    changesAtUnixNano,
    facets: facetsOf(graph, environments),
    row: JSON.stringify(row),
    lesson: writeLesson({ contributions, findings: graph.findings }),
    sought: { texts: soughtTexts(graph), attributes },
  };
  rememberContributions(note, contributions);
  return [note, ...gone.map((one) => goneFrom(one, version))];
}

/** A note that no workflow begins at its place any more. */
export function goneFrom({ id, timeUnixNano }: Pick<RollUp, 'id' | 'timeUnixNano'>, version: bigint): RollUp {
  return {
    id,
    timeUnixNano,
    version,
    gone: true,
    key: '',
    status: 'completed',
    changesAtUnixNano: null,
    facets: [],
    row: '',
    lesson: '',
    sought: NOTHING_SOUGHT,
  };
}

/** By what lists filter: the same parts of a workflow as `matchesFilter` looks at. */
function facetsOf(graph: WorkflowGraph, environments: ReadonlySet<string>): string[] {
  const facets = new Set<string>();
  for (const { eventName, producer } of graph.events) {
    facets.add(`event:${eventName}`);
    facets.add(`service:${producer}`);
  }
  for (const { consumer } of graph.deliveries) facets.add(`consumer:${consumer}`);
  for (const { service } of [...graph.attempts, ...graph.steps]) facets.add(`service:${service}`);
  for (const environment of environments) facets.add(`environment:${environment}`);
  if (graph.findings.length > 0) facets.add('finding');
  for (const { kind } of graph.findings) facets.add(`finding:${kind}`);
  return [...facets];
}

function shortened(row: WorkflowRow): WorkflowRow {
  const { rootName, rootService, topFinding } = row;
  return {
    ...row,
    rootName: cut(rootName),
    rootService: cut(rootService),
    topFinding:
      topFinding === null
        ? null
        : { ...topFinding, step: cut(topFinding.step), message: cut(topFinding.message) },
  };
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
