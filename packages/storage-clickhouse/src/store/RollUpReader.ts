import { hexAt, type RollUp, type RollUpQuery } from '@upshot/model';
import { compareRollUps, matchesRollUp } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeRollUps } from '../native/decodeRollUps.js';
import { readBlocks } from '../native/NativeBlock.js';
import { type Place, ROLL_UP_TIMES_SQL, rollUpPlacesSql, rollUpsAtSql } from '../sql/rollUpsSql.js';

/** The first window back in time: at 1,250 workflows a second 12,500 places. */
const FIRST_WINDOW_NANOS = 10_000_000_000n;
/** How many times longer each next window is. Ten lead from 2554 back to 1970. */
const GROWTH = 8n;
/** Places whose notes are read in one query; a statement has room for some 2,500. */
const PLACES_AT_ONCE = 2_000;

/** Reads notes newest first: which places by narrow columns, window by window back in time; then the notes of these places. */
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
    const found: RollUp[] = [];
    for (let width = FIRST_WINDOW_NANOS; until >= oldest && found.length < limit; ) {
      const since = until - width < oldest ? oldest : until - width;
      const wanted = Math.min(limit - found.length, PLACES_AT_ONCE);
      const places = placesOf(
        await this.engine.query(rollUpPlacesSql(query, { since, until, behind }, wanted)),
      );
      found.push(...(await this.notes(places, query)));
      if (places.length === wanted) {
        behind = places.at(-1)!;
        until = behind.timeUnixNano;
      } else {
        until = since - 1n;
        width *= GROWTH;
      }
    }
    return found;
  }

  private async notes(places: readonly Place[], query: RollUpQuery): Promise<RollUp[]> {
    if (places.length === 0) return [];
    const notes = decodeRollUps(readBlocks(await this.engine.query(rollUpsAtSql(places))));
    return notes.filter((note) => matchesRollUp(note, query)).sort(compareRollUps);
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

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function less(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
