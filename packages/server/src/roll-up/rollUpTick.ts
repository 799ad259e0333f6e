import { askLearned, type Learned } from '@upshot/causality';
import type { Rules } from '@upshot/conventions';
import { type Arrival, later, type Minute, type RollUp } from '@upshot/model';
import { RowsRead } from '../ask/list/RowsRead.js';
import {
  arrivals,
  arrived,
  asking,
  clearRollUps,
  document,
  note,
  type Questioning,
  rollUps,
} from '../ask/Questioning.js';
import { ArrivedRows } from './ArrivedRows.js';
import { askingRecent } from './askingRecent.js';
import { minuteOf } from './CellCache.js';
import { type FoundRows, mustBeWhole } from './mustBeWhole.js';
import { type NotedRow, notesOf } from './notesOf.js';
import { arrivalName } from './placeNames.js';
import type { RollUpState, SampledFrom } from './RollUpState.js';

/** Traces assembled together: rounds cost more than rows, and a thread must come up for air. */
const CHUNK = 256;
/** How often states that change by the clock alone are looked at, and how many at a time. */
const CLOCK = { everyMs: 5_000, most: 500 };
/** How far back the slice is looked for that stands for the rest: half a second has a write in it wherever there is much to write. */
const SLICE_NANO = 500_000_000n;
/** Workflows that are looked at again when the conventions change, the newest first. Older ones are where they are asked for. */
const RULED = 5_000;
/** Where the thread notes how far it has come. */
const PROGRESS = 'roll-up';
/** What notes and tallies mean. Another number, and all are made anew. */
export const KNOWLEDGE_VERSION = 1;

export interface TickOptions {
  readonly nowUnixNano: bigint;
  readonly conventions?: Rules | null;
  /** Names the conventions. */
  readonly rules: string;
  /** About so many traces. */
  readonly limit: number;
  /** Of how many traces one is looked at now; 1: all. */
  readonly oneIn: number;
  /** Throw away what was noted, and begin anew. */
  readonly anew: boolean;
  /** Go on behind what comes next without looking at it. */
  readonly skip: boolean;
  /** Other servers note in the same store. */
  readonly shared: boolean;
}

export interface TickReport {
  /** Up to when all that was written is noted, Unix nanoseconds as a decimal string. */
  readonly complete: string;
  /** What came after that is noted of one trace in so many; 1: there is no such. */
  readonly sampledOneIn: number;
  /** More is waiting. */
  readonly more: boolean;
  readonly rows: number;
  readonly workflows: number;
  /** Where other servers write: up to when what they wrote is known, Unix nanoseconds as a decimal string; null: there is nothing to wait for. */
  readonly knownUntil: string | null;
}

interface Progress {
  readonly version: number;
  readonly mark: string | null;
  readonly sampled: SampledFrom | null;
  readonly noted: string;
  readonly postponed: readonly Arrival[];
}

/** One step of the background: what has arrived since the last one is assembled, noted, and counted. */
export function* rollUpTick(
  state: RollUpState,
  { nowUnixNano, limit, oneIn, anew, skip, shared, conventions = null, rules }: TickOptions,
  clock: () => number,
): Questioning<TickReport> {
  state.shared = shared;
  if (anew) {
    yield* clearRollUps();
    state.beginAnew();
  } else if (state.mark === undefined) yield* resume(state);
  const mark = state.mark ?? null;
  // From the beginning of a store nothing can have been noted before.
  state.noted.begin(mark === null ? 0n : nowUnixNano);
  // From the beginning of a store nothing can have arrived before.
  const recent = state.recentAt(mark === null ? 0n : nowUnixNano);
  // Where more comes than can be looked at, a slice of what came last stands for the rest.
  const after = oneIn > 1 ? later(mark ?? 0n, nowUnixNano - SLICE_NANO) : mark;
  const page = yield* arrivals(after, oneIn > 1 ? 1 : limit);
  const found = page.rows === 0 || skip ? null : yield* arrived(after, page.reached, oneIn);
  const rows = found === null ? null : new ArrivedRows(found, recent);
  if (oneIn > 1) state.sample(oneIn, nowUnixNano);
  else if (found !== null) recent.add(found, nowUnixNano);
  const changed = page.more ? [] : yield* toLookAtAgain(state, nowUnixNano, rules, clock());
  const taken = skip ? [] : page.arrivals.filter(({ traceId }) => isSampled(traceId, oneIn));
  const due = dueOf(state, [...taken, ...changed], clock());
  const version = state.nextVersion(nowUnixNano);
  const notes = new Map<string, RollUp>();
  for (let at = 0; at < due.length; at += CHUNK) {
    for (const one of yield* learn(
      { state, rows, nowUnixNano, conventions, rules, version, clock },
      due.slice(at, at + CHUNK),
    )) {
      // Where two notes speak of one place, that a workflow begins there is the truth: it was assembled whole.
      const known = notes.get(one.id);
      if (known === undefined || known.gone) notes.set(one.id, one);
    }
  }
  const isNew = page.arrivals.length > 0 || notes.size > 0;
  state.mark = page.reached;
  if (isNew) {
    yield* note({ rollUps: [...notes.values()] });
    const written = new Map<Minute, RollUp[]>();
    for (const one of notes.values()) {
      const minute = minuteOf(one.timeUnixNano);
      const of = written.get(minute);
      if (of === undefined) written.set(minute, [one]);
      else of.push(one);
    }
    const cells = [];
    for (const [minute, of] of written) cells.push(yield* state.cells.refresh(minute, version, of, shared));
    const progress: Progress = {
      version: KNOWLEDGE_VERSION,
      mark: String(page.reached),
      sampled: state.sampled,
      noted: String(version),
      postponed: [...state.postponed.values()].slice(0, CLOCK.most),
    };
    yield* note({ cells, document: { name: PROGRESS, text: JSON.stringify(progress) } });
  }
  const { sampled } = state;
  const complete = sampled === null ? page.reached : BigInt(sampled.mark);
  const knownUntil = page.toldUntil === undefined ? null : String(page.toldUntil);
  const report = { rows: page.rows, workflows: notes.size, complete: String(complete), knownUntil };
  if (sampled === null) return { ...report, more: page.more || state.ruled !== null, sampledOneIn: 1 };
  if (oneIn > 1) return { ...report, more: true, sampledOneIn: sampled.oneIn };
  // There is time again for what was left out.
  if (!page.more) state.goBack();
  return { ...report, more: true, sampledOneIn: sampled.oneIn };
}

/** The low bits of the first byte of a trace ID decide: the same traces in every store and every server. */
function isSampled(traceId: string, oneIn: number): boolean {
  if (oneIn === 1) return true;
  const byte = Number.parseInt(traceId.slice(0, 2), 16);
  return Number.isNaN(byte) || byte % oneIn === 0;
}

function* resume(state: RollUpState): Questioning<void> {
  const text = yield* document(PROGRESS);
  const progress = text === null ? null : (JSON.parse(text) as Progress);
  if (progress === null || progress.version !== KNOWLEDGE_VERSION) {
    state.mark = null;
    return;
  }
  state.mark = progress.mark === null ? null : BigInt(progress.mark);
  state.sampled = progress.sampled;
  state.version = BigInt(progress.noted);
  for (const arrival of progress.postponed) state.postpone(arrival);
}

/** What arrived, and what waited until now, but for what must wait on. */
function dueOf(state: RollUpState, arrived: readonly Arrival[], nowMs: number): Arrival[] {
  const due = new Map<string, Arrival>();
  for (const arrival of arrived) {
    if (state.heavy.has(arrival.traceId, nowMs)) state.postpone(arrival);
    else due.set(arrivalName(arrival), arrival);
  }
  for (const [name, arrival] of state.postponed) {
    if (state.heavy.has(arrival.traceId, nowMs)) continue;
    state.postponed.delete(name);
    due.set(name, arrival);
  }
  return [...due.values()];
}

/** Workflows whose state may have changed although nothing of them arrived: by the clock, for a retry never came, or by other rules. */
function* toLookAtAgain(
  state: RollUpState,
  nowUnixNano: bigint,
  rules: string,
  nowMs: number,
): Questioning<Arrival[]> {
  const changed: RollUp[] = [];
  if (nowMs - state.lookedAtClock >= CLOCK.everyMs) {
    changed.push(...(yield* rollUps({ statuses: { any: [], nowUnixNano }, limit: CLOCK.most })));
    if (changed.length < CLOCK.most) state.lookedAtClock = nowMs;
  }
  if (state.rules !== null && state.rules !== rules) state.ruled = { behind: null, left: RULED };
  state.rules = rules;
  if (state.ruled !== null) {
    const { behind, left } = state.ruled;
    const notes = yield* rollUps({ limit: CLOCK.most, ...(behind === null ? {} : { behind }) });
    const last = notes.at(-1);
    changed.push(...notes);
    state.ruled =
      last === undefined || left <= notes.length ? null : { behind: last, left: left - notes.length };
  }
  return changed.map(({ row }) => (JSON.parse(row) as NotedRow).entry);
}

const NONE: ReadonlySet<string> = new Set();

interface Tick {
  readonly state: RollUpState;
  /** The rows that arrived; null where none did. */
  readonly rows: ArrivedRows | null;
  readonly nowUnixNano: bigint;
  readonly conventions: Rules | null;
  readonly rules: string;
  readonly version: bigint;
  readonly clock: () => number;
}

function* learn(tick: Tick, chunk: readonly Arrival[]): Questioning<RollUp[]> {
  const { state, rows, nowUnixNano, conventions, version, clock } = tick;
  const began = clock();
  const read = new RowsRead([]);
  let count = 0;
  const watch = (found: FoundRows) => {
    mustBeWhole(found);
    count += found.spans.rows + found.records.length;
    read.add(found);
  };
  const atHand = rows === null ? null : { found: rows.of(chunk), whole: rows.whole };
  if (atHand !== null) watch(atHand.found);
  const question = askLearned(chunk, { nowUnixNano, conventions }, atHand);
  const { workflows, cut } =
    rows === null
      ? yield* asking(question, watch)
      : yield* askingRecent(question, rows, state.recentAt(nowUnixNano), watch);
  // One workflow that is too large to be read whole must not hide the others.
  if (cut && chunk.length > 1) {
    const half = chunk.length >> 1;
    return [...(yield* learn(tick, chunk.slice(0, half))), ...(yield* learn(tick, chunk.slice(half)))];
  }
  const notes = workflows.flatMap((learned) =>
    notesOf(learned, {
      entries: read.entriesOf(learned.graph),
      environments: read.environmentsOf(learned.graph),
      rules: tick.rules,
      version,
      noted: state.noted,
      shared: state.shared,
      whole: rows?.whole ?? NONE,
    }),
  );
  noteHeavy(state, workflows, count, clock() - began, clock());
  return notes;
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
