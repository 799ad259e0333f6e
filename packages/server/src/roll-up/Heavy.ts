/** Rows of one workflow from which on it is assembled less often. */
const ROWS = 5_000;
/** A large workflow that keeps growing may take one part in so many of the thread's time. */
const SHARE = 20;

/** Workflows that are too large to be assembled anew whenever something arrives: each waits for as many times as long as it took. */
export class Heavy {
  private readonly until = new Map<string, number>();

  /** `tookMs`: what assembling took, all workflows of these traces together. */
  note(traceIds: Iterable<string>, rows: number, tookMs: number, nowMs: number): void {
    if (rows < ROWS) return;
    for (const traceId of traceIds) this.until.set(traceId, nowMs + tookMs * SHARE);
    for (const [traceId, until] of this.until) if (until <= nowMs) this.until.delete(traceId);
  }

  has(traceId: string, nowMs: number): boolean {
    return (this.until.get(traceId) ?? 0) > nowMs;
  }
}
