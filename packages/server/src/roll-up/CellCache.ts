import { Cell, unpackContributions } from '@upshot/knowledge';
import type { Minute, RollUp, TallyCell } from '@upshot/model';
import { type Questioning, rollUps } from '../ask/Questioning.js';
import { parseLesson } from './lessonText.js';

export const NANOS_PER_MINUTE = 60_000_000_000n;
/** Workflows kept in memory, all minutes together: what they contribute is some 300 bytes each. */
const MOST_WORKFLOWS = 300_000;
const PAGE = 20_000;
/** Servers that share a store may write notes a little later than the version says. */
const OVERLAP_NANO = 10_000_000_000n;

interface Cached {
  readonly cell: Cell;
  readonly versions: Map<string, bigint>;
  /** The newest version read. */
  seen: bigint;
}

export function minuteOf(unixNano: bigint): Minute {
  return Number(unixNano / NANOS_PER_MINUTE);
}

/** The minutes of event time that are being written to, as the store's notes make them. */
export class CellCache {
  /** Least recently used first. */
  private readonly cells = new Map<Minute, Cached>();

  /** The tallies of a minute, from all notes that the store has of it by now. */
  *refresh(minute: Minute, version: bigint): Questioning<TallyCell> {
    const cached = this.cells.get(minute) ?? { cell: new Cell(), versions: new Map(), seen: -1n };
    this.cells.delete(minute);
    this.cells.set(minute, cached);
    const since = BigInt(minute) * NANOS_PER_MINUTE;
    const newerThan =
      cached.seen < 0n ? undefined : cached.seen > OVERLAP_NANO ? cached.seen - OVERLAP_NANO : 0n;
    let behind: { timeUnixNano: bigint; id: string } | undefined;
    for (;;) {
      const page = yield* rollUps({
        since,
        before: since + NANOS_PER_MINUTE,
        gone: true,
        limit: PAGE,
        ...(newerThan === undefined ? {} : { newerThan }),
        ...(behind === undefined ? {} : { behind }),
      });
      for (const note of page) add(cached, note);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      behind = { timeUnixNano: last.timeUnixNano, id: last.id };
    }
    this.evict(minute);
    return { minute, version, tallies: cached.cell.tallies() };
  }

  private evict(kept: Minute): void {
    let workflows = 0;
    for (const { cell } of this.cells.values()) workflows += cell.size;
    for (const [minute, { cell }] of this.cells) {
      if (workflows <= MOST_WORKFLOWS) return;
      if (minute === kept) continue;
      workflows -= cell.size;
      this.cells.delete(minute);
    }
  }
}

function add(cached: Cached, note: RollUp): void {
  const known = cached.versions.get(note.id);
  if (known !== undefined && known >= note.version) return;
  cached.versions.set(note.id, note.version);
  if (note.version > cached.seen) cached.seen = note.version;
  if (note.gone) {
    cached.cell.set(note.id, null);
    return;
  }
  cached.cell.set(note.id, {
    timeUnixNano: note.timeUnixNano,
    key: note.key,
    contributions: unpackContributions(parseLesson(note.lesson).contributions),
  });
}
