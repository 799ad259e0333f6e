import { hexAt, type RollUp, type RollUpQuery } from '@upshot/model';
import { matchesRollUp } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeRollUps } from '../native/decodeRollUps.js';
import { readBlocks } from '../native/NativeBlock.js';
import {
  asksForNewer,
  isSelective,
  isSought,
  type Place,
  type PlaceRange,
  ROLL_UP_TIMES_SQL,
  rollUpPlacesSql,
  rollUpsAtSql,
  rollUpsWithinSql,
} from '../sql/rollUpsSql.js';

/**
 * The first window back in time, by whether a query wants all notes or some. Ten seconds hold a page of a busy store, and reading stops with the page.
 * Where few match, each window costs a query of some 4 ms: at 1,250 workflows a second ten minutes are 750,000 notes: some 60 ms, if 300,000 take 24. What is sought in attributes and texts
 * reads some hundred bytes of each that the filters let through, where the others read eight.
 */
const FIRST_WINDOW_NANOS = { all: 10_000_000_000n, some: 600_000_000_000n, sought: 60_000_000_000n };
/** How many times longer the next window is at most, and where nothing was found. Ten lead from 2554 back to 1970. */
const GROWTH = 8;
/** Places whose notes are read in one query: a few megabytes, and a statement has room for 3,000 times and IDs. */
const PLACES_AT_ONCE = 2_000;
/** Notes of a range that are read in one query: some twenty megabytes. */
const NOTES_AT_ONCE = 10_000;

/** Notes of a range, and the places among which they were looked for: as many as the limit where there may be more. */
interface Page {
  readonly notes: readonly RollUp[];
  readonly places: readonly Place[];
}

/** Reads notes newest first, window by window back in time. */
export class RollUpReader {
  constructor(private readonly engine: Engine) {}

  async read(query: RollUpQuery): Promise<RollUp[]> {
    const { limit } = query;
    const times = await this.times();
    if (limit < 1 || times === null) return [];
    const oldest = greater(query.since ?? 0n, times.oldest);
    let until = less((query.before ?? times.newest + 1n) - 1n, times.newest);
    let behind = query.behind ?? null;
    if (behind !== null) until = less(until, behind.timeUnixNano);
    const some = isSelective(query);
    // A page of notes is a few granules of wide columns, but of each part one at the least: so narrow columns tell first which. Who follows what others note reads most of it.
    const inTwoSteps = limit <= PLACES_AT_ONCE || (some && !asksForNewer(query));
    const found: RollUp[] = [];
    const first = isSought(query) ? 'sought' : some ? 'some' : 'all';
    // Which notes these are sought by, the statement has decided: it is not read back.
    const { attributes: _attributes, text: _text, unsure: _unsure, ...told } = query;
    for (let width = FIRST_WINDOW_NANOS[first]; until >= oldest && found.length < limit; ) {
      const range = { since: until - width < oldest ? oldest : until - width, until, behind };
      const wanted = Math.min(limit - found.length, inTwoSteps ? PLACES_AT_ONCE : NOTES_AT_ONCE);
      const { notes, places } = await (inTwoSteps
        ? this.some(query, range, wanted)
        : this.all(query, range, wanted));
      found.push(...notes.filter((note) => matchesRollUp(note, told)));
      if (places.length === wanted) {
        behind = places.at(-1)!;
        until = behind.timeUnixNano;
      } else {
        until = range.since - 1n;
        width *= BigInt(growth(places.length, limit - found.length));
      }
    }
    return found;
  }

  private async all({ newerThan }: RollUpQuery, range: PlaceRange, limit: number): Promise<Page> {
    const sql = rollUpsWithinSql(range, limit, newerThan);
    const notes = decodeRollUps(readBlocks(await this.engine.query(sql)));
    return { notes, places: notes };
  }

  /** Which places by narrow columns, then the notes of these. */
  private async some(query: RollUpQuery, range: PlaceRange, limit: number): Promise<Page> {
    const places = placesOf(await this.engine.query(rollUpPlacesSql(query, range, limit)));
    if (places.length === 0) return { notes: [], places };
    const wanted = new Set(places.map(textOf));
    const notes = decodeRollUps(readBlocks(await this.engine.query(rollUpsAtSql(places))));
    return { notes: notes.filter((note) => wanted.has(textOf(note))), places };
  }

  private async times(): Promise<{ readonly oldest: bigint; readonly newest: bigint } | null> {
    const block = readBlocks(await this.engine.query(ROLL_UP_TIMES_SQL))[0];
    if (block === undefined || block.count('total', 0) === 0) return null;
    return { oldest: block.uint64('oldest', 0), newest: block.uint64('newest', 0) };
  }
}

function placesOf(answer: Uint8Array): Place[] {
  return readBlocks(answer).flatMap((block) => {
    const ids = block.fixed('id');
    return Array.from({ length: block.rows }, (_, row) => ({
      timeUnixNano: block.uint64('time', row),
      id: hexAt(ids, row * 8, 8),
    }));
  });
}

/** How many times longer the next window has to be to hold what is wanted still, and half as much again, if it is as full as the last. */
function growth(found: number, wanted: number): number {
  return found === 0 ? GROWTH : Math.min(GROWTH, Math.max(1, Math.ceil((1.5 * wanted) / found)));
}

function textOf({ timeUnixNano, id }: Place): string {
  return `${timeUnixNano} ${id}`;
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function less(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
