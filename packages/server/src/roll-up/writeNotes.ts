import type { Minute, RollUp, TallyCell } from '@upshot/model';
import type { NotePlace } from '../ask/Question.js';
import { ahead, awaited, note, type Questioning, type Want } from '../ask/Questioning.js';
import { minuteOf } from './CellCache.js';
import { isNamed } from './Heeded.js';
import { CLOCK } from './lookAgain.js';
import { goneFrom } from './notesOf.js';
import { KNOWLEDGE_VERSION, PROGRESS, type Progress } from './progress.js';
import type { RollUpState } from './RollUpState.js';
import { metDocument } from './seenByServers.js';

/** The ticket of the writing of notes, which is asked for ahead: not that of the next page. */
const NOTES = 2;
const NOTHING_TO_WRITE: Want = { type: 'note', rollUps: [], cells: [], documents: [] };

/** What time it is, by either clock. */
export interface Now {
  /** Monotonic milliseconds. */
  ms(): number;
  /** Unix nanoseconds, which come with what is asked and go on by the other clock. */
  unixNano(): bigint;
}

/** A page whose notes are being written. */
export interface Writing {
  /** How far it reaches, Unix nanoseconds. */
  readonly mark: bigint;
  /** There was nothing to write. */
  readonly isEmpty: boolean;
  /** Another page came at once. */
  readonly goesOn: boolean;
}

/** In the place of `write`, where nothing was learned. */
export function* writeNothing(): Questioning<void> {
  yield* ahead(NOTES, NOTHING_TO_WRITE);
}

/**
 * Has notes written, and with them the tallies of their minutes and how far this has come: whoever finds that finds what it speaks of. `goesOn`: another page comes
 * at once. What others noted in these minutes is read with the last one: to read some seconds of notes again for each page took some 50 of 220 µs a span.
 */
export function* write(
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
  if (shared) yield* note({ rollUps: notes });
  if (noters !== null) state.nextVersion(now.unixNano());
  if (shared) yield* noters!.noteAs(state.version, now.ms());
  const { version } = state;
  const written = new Map<Minute, RollUp[]>();
  for (const one of notes) {
    const minute = minuteOf(one.timeUnixNano);
    const of = written.get(minute);
    if (of === undefined) written.set(minute, [one]);
    else of.push(one);
  }
  const cells: TallyCell[] = [];
  if (noters !== null) for (const minute of written.keys()) state.touch(minute, now.ms());
  if (!goesOn) for (const minute of state.toRefresh) if (!written.has(minute)) written.set(minute, []);
  for (const [minute, of] of written)
    cells.push(yield* state.cells.refresh(minute, version, of, shared && !goesOn));
  const { seen } = state;
  const documents = [...(seen?.documents() ?? [])];
  if (seen !== null && noters !== null)
    documents.push(metDocument(noters.id, seen, metUntil(state, reached)), ...state.outlived);
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

/** Up to when all IDs were met: of what came after a sample began they were not. */
function metUntil({ sampled }: RollUpState, reached: bigint | null): bigint {
  return sampled === null ? (reached ?? 0n) : BigInt(sampled.mark);
}

/** These notes, less those of what was forgotten while they were made. */
export function* heeded(state: RollUpState, notes: readonly RollUp[]): Questioning<readonly RollUp[]> {
  const { isNew, names } = yield* state.heeded.names();
  if (isNew) state.forget();
  return notes.map((one) => (isNamed(one, names) ? goneFrom(one, state.version) : one));
}

/**
 * Notes that nothing begins at these places any more, before anything else is looked at. Rows of theirs may be at hand. Returns the version of these notes: behind
 * all that was noted in those minutes, by whatever clock.
 */
export function* forget(state: RollUpState, places: readonly NotePlace[], now: Now): Questioning<bigint> {
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
  state.refreshed();
  return version;
}

/** Waits until the notes of a page are written. Only then it has come so far. */
export function* settled(state: RollUpState, { mark, isEmpty, goesOn }: Writing): Questioning<void> {
  yield* awaited(NOTES);
  state.mark = mark;
  if (isEmpty) return;
  state.isResumed = false;
  if (!goesOn) state.refreshed();
  state.seen?.written();
  state.outlived = [];
}

/** Whether other servers note in the same store. While none does, what this one has written in some minutes is all there is of them. */
export function* lookAround(state: RollUpState, now: Now): Questioning<void> {
  if (state.noters === null) return;
  state.among(yield* state.noters.others(now.ms()), now.unixNano());
}
