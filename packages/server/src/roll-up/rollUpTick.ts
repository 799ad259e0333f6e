import type { Rules } from '@upshot/conventions';
import { type Arrival, later, type RollUp } from '@upshot/model';
import type { NotePlace } from '../ask/Question.js';
import {
  type Arrived,
  ahead,
  awaited,
  clearRollUps,
  type Questioning,
  type Want,
} from '../ask/Questioning.js';
import { ArrivedRows } from './ArrivedRows.js';
import { chunksOf } from './chunksOf.js';
import { learnChunk } from './learnChunk.js';
import { lookAgain } from './lookAgain.js';
import { mustBeWhole } from './mustBeWhole.js';
import { Noters } from './Noters.js';
import { arrivalName } from './placeNames.js';
import { newSeen, resume } from './progress.js';
import type { RollUpState } from './RollUpState.js';
import { recentBefore } from './recentBefore.js';
import { Signals } from './Signals.js';
import {
  forget,
  heeded,
  lookAround,
  type Now,
  settled,
  type Writing,
  write,
  writeNothing,
} from './writeNotes.js';

/** For how long a step goes on where there is more: what is asked of it meanwhile (other conventions, all anew) waits for its end. */
const MOST_MS = 10_000;
/** How far back the slice is looked for that stands for the rest: half a second has a write in it wherever there is much to write. */
const SLICE_NANO = 500_000_000n;
/** The ticket of the next page, which is asked for ahead. */
const NEXT = 1;

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
  state.begin(options.nowUnixNano);
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
  let writing: Writing | null = null;
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
    if (isEmpty) yield* writeNothing();
    else yield* write(state, yield* heeded(state, notes), page.reached, now, goesOn);
    writing = { mark: page.reached, isEmpty, goesOn };
    if (!goesOn) break;
    arrived = (yield* awaited(NEXT)) as Arrived;
  }
  yield* settled(state, writing);
  const { more } = arrived.page;
  const { sampled } = state;
  if (rows === 0 && workflows === 0 && state.noters !== null)
    yield* state.noters.rest(state.version, clock());
  const complete = sampled === null ? writing.mark : BigInt(sampled.mark);
  state.isUnderWay = false;
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
  const isAgain = state.isResumed || after < state.againUntil;
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
      { state, rows, isAgain, nowUnixNano, conventions, rules, version, covered, clock },
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

/** The low bits of the first byte of a trace ID decide: the same traces in every store and every server. */
function isSampled(traceId: string, oneIn: number): boolean {
  if (oneIn === 1) return true;
  const byte = Number.parseInt(traceId.slice(0, 2), 16);
  return Number.isNaN(byte) || byte % oneIn === 0;
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
