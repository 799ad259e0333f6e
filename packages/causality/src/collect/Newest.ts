import { earlier, type Found, later, type Span } from '@upshot/model';
import { type Atom, atomKey } from './Wanted.js';

/** Times are unsigned 64 bits. */
const LAST_TIME = (1n << 64n) - 1n;

/** Of what had more rows than came, the newest of which came: from when on these are at hand. */
export class Newest {
  private readonly from = new Map<string, bigint>();

  note(atoms: readonly Atom[], spans: readonly Span[], found: Found): void {
    const oldest = oldestOf(spans, found);
    for (const atom of atoms) this.from.set(atomKey(atom), oldest);
  }

  /** Until when rows are wanted: those after are at hand; null where that does not hold of all of these. */
  untilOf(atoms: readonly Atom[]): bigint | null {
    let until = 0n;
    for (const atom of atoms) {
      const from = this.from.get(atomKey(atom));
      if (from === undefined) return null;
      until = later(until, from);
    }
    return until;
  }
}

/** From when on all rows are there of what was cut to the newest; the newest spans and the newest records are as many as the limit, or not cut. */
function oldestOf(spans: readonly Span[], found: Found): bigint {
  const limit = Math.max(found.spans.rows, found.records.length);
  const oldest = (times: readonly bigint[]) => times.reduce(earlier, LAST_TIME);
  const ofSpans = found.spans.rows < limit ? 0n : oldest(spans.map((span) => span.startTimeUnixNano));
  const ofRecords =
    found.records.length < limit ? 0n : oldest(found.records.map((record) => record.timeUnixNano));
  return later(ofSpans, ofRecords);
}
