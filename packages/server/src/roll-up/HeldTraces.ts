import type { SpanRow } from '@upshot/storage';

/** Rows kept: at 20,000 spans a second some seven seconds, within which most of what belongs together has come; with what they stand in some 40 MB. */
const MOST_ROWS = 150_000;
/** Rows of one trace: beyond it a trace is read from the store, however recent. */
const MOST_OF_ONE = 20_000;

/** Traces of which all rows that have arrived are at hand, the oldest let go first. */
export class HeldTraces {
  private readonly traces = new Map<string, SpanRow[]>();
  private rows = 0;

  has(traceId: string): boolean {
    return this.traces.has(traceId);
  }

  /** In the order in which they arrived; empty where the trace is not held. */
  of(traceId: string): readonly SpanRow[] {
    return this.traces.get(traceId) ?? [];
  }

  /** `rows`: all there are of the trace, or, where it is held, what came now. */
  add(traceId: string, rows: readonly SpanRow[]): void {
    const held = this.traces.get(traceId);
    this.rows += rows.length;
    if (held === undefined) this.traces.set(traceId, [...rows]);
    else for (const row of rows) held.push(row);
    if ((held?.length ?? rows.length) > MOST_OF_ONE) this.letGo(traceId);
    for (const oldest of this.traces.keys()) {
      if (this.rows <= MOST_ROWS) break;
      this.letGo(oldest);
    }
  }

  letGo(traceId: string): void {
    this.rows -= this.of(traceId).length;
    this.traces.delete(traceId);
  }
}
