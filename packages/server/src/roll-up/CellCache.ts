import { Cell } from '@upshot/knowledge';
import type { Minute, RollUp, TallyCell } from '@upshot/model';
import { type Questioning, rollUps } from '../ask/Questioning.js';
import { contributionsIn } from './lessonText.js';

export const NANOS_PER_MINUTE = 60_000_000_000n;
/**
 * Kept in memory of all minutes together: by bytes and not by workflows, for in a quiet minute few share a series. At 20,000 spans a second a minute has some 75,000
 * workflows of half a kilobyte.
 */
const MOST_BYTES = 90_000_000;
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
  /** `newest`: the newest version met in any minute. */
  constructor(public newest = -1n) {}

  /**
   * The tallies of a minute, `written` being what this process has just noted in it. Who has the store alone need not read what it wrote itself;
   * `shared`: others write notes to it as well.
   */
  *refresh(
    minute: Minute,
    version: bigint,
    written: readonly RollUp[],
    shared: boolean,
  ): Questioning<TallyCell> {
    const cached = this.cells.get(minute);
    const cell = cached ?? { cell: new Cell(), versions: new Map(), seen: -1n };
    this.cells.delete(minute);
    if (cached === undefined || shared) yield* read(cell, minute);
    // Not before: where the store fails, what was read in part must not pass for the whole.
    this.cells.set(minute, cell);
    for (const note of written) add(cell, note);
    if (cell.seen > this.newest) this.newest = cell.seen;
    this.evict(minute);
    return { minute, version, tallies: cell.cell.tallies() };
  }

  private evict(kept: Minute): void {
    let bytes = 0;
    for (const { cell } of this.cells.values()) bytes += cell.bytes;
    for (const [minute, { cell }] of this.cells) {
      if (bytes <= MOST_BYTES) return;
      if (minute === kept) continue;
      bytes -= cell.bytes;
      this.cells.delete(minute);
    }
  }
}

/** Notes that the store has and the cell has not. */
function* read(cached: Cached, minute: Minute): Questioning<void> {
  const since = BigInt(minute) * NANOS_PER_MINUTE;
  const newerThan = cached.seen > OVERLAP_NANO ? cached.seen - OVERLAP_NANO : undefined;
  const isFirst = cached.versions.size === 0;
  let behind: { timeUnixNano: bigint; id: string } | undefined;
  for (;;) {
    const page = yield* rollUps({
      since,
      before: since + NANOS_PER_MINUTE,
      gone: true,
      limit: PAGE,
      ...(isFirst || newerThan === undefined ? {} : { newerThan }),
      ...(behind === undefined ? {} : { behind }),
    });
    for (const note of page) add(cached, note);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    behind = { timeUnixNano: last.timeUnixNano, id: last.id };
  }
}

function add(cached: Cached, note: RollUp): void {
  // What began at one place and then at another of the same minute, having one ID, was noted twice.
  const place = `${note.id} ${note.timeUnixNano}`;
  const known = cached.versions.get(place);
  if (known !== undefined && known >= note.version) return;
  cached.versions.set(place, note.version);
  if (note.version > cached.seen) cached.seen = note.version;
  if (note.gone) {
    cached.cell.set(place, null);
    return;
  }
  cached.cell.set(place, {
    timeUnixNano: note.timeUnixNano,
    key: note.key,
    contributions: contributionsIn(note),
  });
}
