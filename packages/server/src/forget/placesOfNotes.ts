import type { NotePlace, NotesQuestion } from '../ask/Question.js';
import { type Questioning, rollUps } from '../ask/Questioning.js';
import type { NotedRow } from '../roll-up/notesOf.js';

/** Moments of one look-up: each takes some thirty characters, and a statement has 256 KiB. */
const TIMES = 2_000;
const PAGE = 1_000;

/** A place as it crosses between threads: JSON has no 64-bit integers. */
interface PlaceText {
  readonly timeUnixNano: string;
  readonly id: string;
}

/**
 * Where the notes of a workflow lie: at moments when parts of it began, however much was noted of others in the meantime. It may have been noted under several
 * keys, as its parts arrived.
 */
export function* placesOfNotes({ key, traceIds, times }: NotesQuestion): Questioning<string> {
  const traces = new Set(traceIds);
  const places: PlaceText[] = [];
  const sorted = times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (let at = 0; at < sorted.length; at += TIMES) {
    const some = sorted.slice(at, at + TIMES);
    const range = { times: some, since: some[0]!, before: some.at(-1)! + 1n, limit: PAGE };
    for (let behind: NotePlace | undefined, more = true; more; ) {
      const page = yield* rollUps(behind === undefined ? range : { ...range, behind });
      for (const { id, timeUnixNano, key: noted, row } of page) {
        const { entry } = JSON.parse(row) as NotedRow;
        if (noted === key ? entry.traceId === '' || traces.has(entry.traceId) : traces.has(noted))
          places.push({ id, timeUnixNano: String(timeUnixNano) });
      }
      behind = page.at(-1);
      more = page.length === PAGE;
    }
  }
  return JSON.stringify(places);
}

export function parsePlaces(text: string): NotePlace[] {
  return (JSON.parse(text) as PlaceText[]).map(({ id, timeUnixNano }) => ({
    id,
    timeUnixNano: BigInt(timeUnixNano),
  }));
}
