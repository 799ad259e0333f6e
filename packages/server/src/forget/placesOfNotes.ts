import type { NotePlace, NotesQuestion } from '../ask/Question.js';
import { type Questioning, rollUps } from '../ask/Questioning.js';
import type { NotedRow } from '../roll-up/notesOf.js';

const PAGE = 1_000;

/** A place as it crosses between threads: JSON has no 64-bit integers. */
interface PlaceText {
  readonly timeUnixNano: string;
  readonly id: string;
}

/** Where the notes of a workflow lie. It may have been noted under several keys, as its parts arrived. */
export function* placesOfNotes({ key, traceIds, since, until }: NotesQuestion): Questioning<string> {
  const traces = new Set(traceIds);
  const places: PlaceText[] = [];
  let behind: NotePlace | undefined;
  for (;;) {
    const page = yield* rollUps({
      since,
      before: until,
      limit: PAGE,
      ...(behind === undefined ? {} : { behind }),
    });
    for (const { id, timeUnixNano, key: noted, row } of page) {
      const { entry } = JSON.parse(row) as NotedRow;
      if (noted === key ? entry.traceId === '' || traces.has(entry.traceId) : traces.has(noted))
        places.push({ id, timeUnixNano: String(timeUnixNano) });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return JSON.stringify(places);
    behind = { timeUnixNano: last.timeUnixNano, id: last.id };
  }
}

export function parsePlaces(text: string): NotePlace[] {
  return (JSON.parse(text) as PlaceText[]).map(({ id, timeUnixNano }) => ({
    id,
    timeUnixNano: BigInt(timeUnixNano),
  }));
}
