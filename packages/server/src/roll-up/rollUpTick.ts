import type { Rules } from '@upshot/conventions';
import { type Arrival, later, type Minute, type RollUp, type TallyCell } from '@upshot/model';
import type { NotePlace } from '../ask/Question.js';
import {
  type Arrived,
  ahead,
  awaited,
  clearRollUps,
  document,
  note,
  type Questioning,
  type Want,
} from '../ask/Questioning.js';
import { ArrivedRows } from './ArrivedRows.js';
import { minuteOf } from './CellCache.js';
import { chunksOf } from './chunksOf.js';
import { isNamed } from './Heeded.js';
import { learnChunk } from './learnChunk.js';
import { CLOCK, lookAgain } from './lookAgain.js';
import { mustBeWhole } from './mustBeWhole.js';
import { Noters } from './Noters.js';
import { goneFrom } from './notesOf.js';
import { arrivalName } from './placeNames.js';
import type { RollUpState, SampledFrom } from './RollUpState.js';
import { recentBefore } from './recentBefore.js';
import { SeenLog, type SeenProgress } from './SeenLog.js';
import { Signals } from './Signals.js';
import { metDocument, newSeenOf, seenByServers } from './seenByServers.js';

/** For how long a step goes on where there is more: what is asked of it meanwhile (other conventions, all anew) waits for its end. */
const MOST_MS = 10_000;
/** How far back the slice is looked for that stands for the rest: half a second has a write in it wherever there is much to write. */
const SLICE_NANO = 500_000_000n;
/** Tickets of what is asked ahead: the next page, and the writing of notes. */
const NEXT = 1;
const NOTES = 2;
const NOTHING_TO_WRITE: Want = { type: 'note', rollUps: [], cells: [], documents: [] };
/** Where the thread notes how far it has come. */
const PROGRESS = 'roll-up';
/** What notes and tallies mean. Another number, and all are made anew. */
export const KNOWLEDGE_VERSION = 3;

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
  /** Names this server among those that may note in the same store; null: no other does. */
  readonly noter: string | null;
  /** The memory of `Signals`; of its own by default. */
  readonly signals?: SharedArrayBuffer;
  /** What began before this (Unix nanoseconds) is not noted: the retention has let it go, or does so now. Default: all is. */
  readonly keptFrom?: bigint;
  /** Places whose notes go, for nothing is left of their workflows. */
  readonly forgotten: readonly NotePlace[];
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
  /** The version of the notes that say that something was forgotten, as a decimal string; null: nothing was. */
  readonly forgottenAt: string | null;
}

/** What time it is, by either clock. */
interface Now {
  /** Monotonic milliseconds. */
  ms(): number;
  /** Unix nanoseconds, which come with what is asked and go on by the other clock. */
  unixNano(): bigint;
}

interface Progress {
  readonly version: number;
  readonly mark: string | null;
  readonly sampled: SampledFrom | null;
  readonly noted: string;
  readonly postponed: readonly Arrival[];
  readonly seen?: SeenProgress | null;
}

/**
 * One step of the background: what has arrived since the last one is assembled, noted, and counted. Page after page for a while: the next one is read, and
 * the notes of the last one are written, while the thread works on one.
 */
export function* rollUpTick(
  state: RollUpState,
  options: TickOptions,
  clock: () => number,
): Questioning<TickReport> {
  const { limit, oneIn, anew, skip, noter } = options;
  const isSample = oneIn > 1;
  const signals = new Signals(options.signals);
  const isTooMuch = () => !isSample && signals.isTooMuch;
  const began = clock();
  // The clock of a page is its own, as far as the thread can tell.
  const now: Now = {
    ms: clock,
    unixNano: () => options.nowUnixNano + BigInt(Math.round((clock() - began) * 1e6)),
  };
  if (noter !== null) state.noters ??= new Noters(noter);
  yield* lookAround(state, now);
  if (anew) {
    yield* clearRollUps();
    state.beginAnew(newSeen(noter));
    signals.complete = 0n;
  } else if (state.mark === undefined) {
    yield* resume(state, noter);
    if (state.sampled === null) signals.complete = state.mark ?? 0n;
  }
  if (yield* state.heeded.begin()) state.forget();
  const { forgotten } = options;
  const forgottenAt = forgotten.length > 0 ? String(yield* forget(state, forgotten, now)) : null;
  const mark = state.mark ?? null;
  // From the beginning of a store nothing can have been noted, or have arrived, before.
  state.noted.begin(mark === null ? 0n : options.nowUnixNano);
  // Nobody will know which IDs stood in rows that were not looked at.
  if (skip) {
    state.seen = null;
    state.forget();
  } else if (!isSample && state.recent.knowsNothing) state.recent = yield* recentBefore(mark, isTooMuch);
  const wanted = (after: bigint | null): Want => ({
    type: 'arrived',
    after,
    limit: isSample ? 1 : limit,
    oneIn: skip ? null : oneIn,
  });
  let rows = 0;
  let workflows = 0;
  let after = mark ?? 0n;
  let writing: { readonly mark: bigint; readonly isEmpty: boolean } | null = null;
  // Where more comes than can be looked at, a slice of what came last stands for the rest.
  let arrived = (yield wanted(
    isSample ? later(mark ?? 0n, options.nowUnixNano - SLICE_NANO) : mark,
  )) as Arrived;
  for (;;) {
    const { page } = arrived;
    const goesOn = page.more && !isSample && !skip && !signals.isWanted && clock() - began < MOST_MS;
    if (goesOn) yield* ahead(NEXT, wanted(page.reached));
    const nowUnixNano = now.unixNano();
    const notes = yield* learnPage(
      state,
      { ...arrived, after },
      { ...options, nowUnixNano },
      clock,
      isTooMuch,
    );
    after = page.reached;
    // What is read for the tallies must hold all notes of the pages before.
    if (writing !== null) {
      yield* settled(state, writing);
      if (state.sampled === null) signals.complete = writing.mark;
    }
    if (notes === null) {
      // What was begun is left: a sample says more in the same time, and all of this is looked at again.
      state.forget();
      return {
        rows,
        workflows,
        complete: String(state.sampled?.mark ?? state.mark ?? 0n),
        knownUntil: null,
        forgottenAt,
        more: true,
        sampledOneIn: state.sampled?.oneIn ?? 1,
      };
    }
    rows += page.rows;
    workflows += notes.length;
    const isEmpty =
      page.arrivals.length === 0 && notes.length === 0 && (goesOn || state.toRefresh.length === 0);
    if (isEmpty) yield* ahead(NOTES, NOTHING_TO_WRITE);
    else yield* write(state, yield* heeded(state, notes), page.reached, now, goesOn);
    writing = { mark: page.reached, isEmpty };
    if (!goesOn) break;
    arrived = (yield* awaited(NEXT)) as Arrived;
  }
  yield* settled(state, writing);
  const { more } = arrived.page;
  const { sampled } = state;
  if (rows === 0 && workflows === 0 && state.noters !== null)
    yield* state.noters.rest(state.version, clock());
  const complete = sampled === null ? writing.mark : BigInt(sampled.mark);
  const { toldUntil } = arrived.page;
  const knownUntil = toldUntil === undefined ? null : String(toldUntil);
  const report = { rows, workflows, complete: String(complete), knownUntil, forgottenAt };
  if (sampled === null) return { ...report, more: more || state.newest !== null, sampledOneIn: 1 };
  if (isSample) return { ...report, more: true, sampledOneIn: sampled.oneIn };
  // There is time again for what was left out.
  if (!more) state.goBack();
  return { ...report, more: true, sampledOneIn: sampled.oneIn };
}

/** The notes of all workflows to which a page's arrivals belong, and of those that wait to be looked at; null where it turned out to be too much. */
function* learnPage(
  state: RollUpState,
  { page, found, after }: Arrived & { readonly after: bigint },
  { nowUnixNano, oneIn, skip, conventions = null, rules, keptFrom = 0n }: TickOptions,
  clock: () => number,
  isTooMuch: () => boolean,
): Questioning<RollUp[] | null> {
  if (found !== null) mustBeWhole(found);
  if (oneIn > 1) state.sample(oneIn);
  const { recent } = state;
  const rows = found === null ? null : new ArrivedRows(found, recent);
  if (oneIn === 1 && found !== null) recent.add(found, after);
  const changed = page.more ? [] : yield* lookAgain(state, nowUnixNano, rules, clock());
  const taken = skip ? [] : page.arrivals.filter(({ traceId }) => isSampled(traceId, oneIn));
  const due = dueOf(state, [...taken, ...changed], clock());
  const version = state.nextVersion(nowUnixNano);
  const notes = new Map<string, RollUp>();
  const covered = new Set<string>();
  for (const chunk of chunksOf(due, rows)) {
    if (isTooMuch()) {
      // The page comes again; what else was due would not.
      const again = new Set(page.arrivals.map(arrivalName));
      for (const arrival of due) if (!again.has(arrivalName(arrival))) state.postpone(arrival);
      return null;
    }
    for (const one of yield* learnChunk(
      { state, rows, nowUnixNano, conventions, rules, version, covered, clock },
      chunk.filter(({ traceId, eventId }) => !covered.has(traceId === '' ? eventId : traceId)),
    )) {
      // Where two notes speak of one place, that a workflow begins there is the truth: it was assembled whole.
      const place = `${one.id} ${one.timeUnixNano}`;
      const known = notes.get(place);
      if (one.timeUnixNano >= keptFrom && (known === undefined || known.gone)) notes.set(place, one);
    }
  }
  return [...notes.values()];
}

/**
 * Has notes written, and with them the tallies of their minutes and how far this has come: whoever finds that finds what it speaks of. `goesOn`: another page comes
 * at once. What others noted in these minutes is read with the last one: to read some seconds of notes again for each page took some 50 of 220 µs a span.
 */
function* write(
  state: RollUpState,
  notes: readonly RollUp[],
  reached: bigint | null,
  now: Now,
  goesOn = false,
): Questioning<void> {
  const { noters } = state;
  if (noters !== null) {
    yield* noters.note(state.version, now.ms());
    yield* lookAround(state, now);
  }
  const { shared } = state;
  // Whoever of several servers reads last reads the notes of all, and its tallies must win.
  if (shared) {
    yield* note({ rollUps: notes });
    state.nextVersion(now.unixNano());
  }
  const { version } = state;
  const written = new Map<Minute, RollUp[]>();
  for (const one of notes) {
    const minute = minuteOf(one.timeUnixNano);
    const of = written.get(minute);
    if (of === undefined) written.set(minute, [one]);
    else of.push(one);
  }
  const cells: TallyCell[] = [];
  if (noters !== null) for (const minute of written.keys()) state.touch(minute);
  if (!goesOn) for (const minute of state.toRefresh) if (!written.has(minute)) written.set(minute, []);
  for (const [minute, of] of written)
    cells.push(yield* state.cells.refresh(minute, version, of, shared && !goesOn));
  if (!goesOn) state.refreshed();
  const { seen } = state;
  const documents = [...(seen?.documents() ?? [])];
  if (seen !== null && noters !== null)
    documents.push(metDocument(noters.id, seen, reached ?? 0n), ...state.outlived);
  const progress: Progress = {
    version: KNOWLEDGE_VERSION,
    mark: reached === null ? null : String(reached),
    sampled: state.sampled,
    noted: String(version),
    postponed: [...state.postponed.values()].slice(0, CLOCK.most),
    seen: noters === null ? (seen?.progress() ?? null) : null,
  };
  documents.push({ name: PROGRESS, text: JSON.stringify(progress) });
  yield* ahead(NOTES, { type: 'note', rollUps: shared ? [] : notes, cells, documents });
}

/** These notes, less those of what was forgotten while they were made. */
function* heeded(state: RollUpState, notes: readonly RollUp[]): Questioning<readonly RollUp[]> {
  const { isNew, names } = yield* state.heeded.names();
  if (isNew) state.forget();
  return notes.map((one) => (isNamed(one, names) ? goneFrom(one, state.version) : one));
}

/**
 * Notes that nothing begins at these places any more, before anything else is looked at. Rows of theirs may be at hand. Returns the version of these notes: behind
 * all that was noted in those minutes, by whatever clock.
 */
function* forget(state: RollUpState, places: readonly NotePlace[], now: Now): Questioning<bigint> {
  state.forget();
  for (const minute of new Set(places.map(({ timeUnixNano }) => minuteOf(timeUnixNano))))
    yield* state.cells.refresh(minute, 0n, [], state.shared);
  const version = state.nextVersion(now.unixNano());
  const mark = state.mark ?? null;
  yield* write(
    state,
    places.map((place) => goneFrom(place, version)),
    mark,
    now,
  );
  yield* awaited(NOTES);
  return version;
}

/** Waits until the notes of a page are written. Only then it has come so far. */
function* settled(
  state: RollUpState,
  { mark, isEmpty }: { readonly mark: bigint; readonly isEmpty: boolean },
): Questioning<void> {
  yield* awaited(NOTES);
  state.mark = mark;
  if (isEmpty) return;
  state.seen?.written();
  state.outlived = [];
}

/** Whether other servers note in the same store. While none does, what this one has written in some minutes is all there is of them. */
function* lookAround(state: RollUpState, now: Now): Questioning<void> {
  if (state.noters === null) return;
  state.among(yield* state.noters.others(now.ms()), now.unixNano());
}

/** Of a store in which nothing was looked at yet. */
function newSeen(noter: string | null): SeenLog {
  return noter === null ? new SeenLog() : newSeenOf(noter);
}

/** The low bits of the first byte of a trace ID decide: the same traces in every store and every server. */
function isSampled(traceId: string, oneIn: number): boolean {
  if (oneIn === 1) return true;
  const byte = Number.parseInt(traceId.slice(0, 2), 16);
  return Number.isNaN(byte) || byte % oneIn === 0;
}

function* resume(state: RollUpState, noter: string | null): Questioning<void> {
  const text = yield* document(PROGRESS);
  const progress = text === null ? null : (JSON.parse(text) as Progress);
  if (progress === null || progress.version !== KNOWLEDGE_VERSION) {
    state.mark = null;
    state.seen = newSeen(noter);
    return;
  }
  state.mark = progress.mark === null ? null : BigInt(progress.mark);
  if (noter === null && progress.seen) state.seen = yield* SeenLog.resumed(progress.seen);
  if (noter !== null && state.mark !== null) {
    const { seen, outlived } = yield* seenByServers(noter, state.mark);
    state.seen = seen;
    state.outlived = outlived;
  }
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
