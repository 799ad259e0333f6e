import { decodeLogs, decodeSpans, type Found, type Lookup, type Span } from '@upshot/model';
import { contextKey } from '../graph/nodes.js';
import type { Rows } from '../interpret/readRows.js';

/** Look-ups of one climb. A tree of a million spans is some seven to twenty spans deep; of a line so long only the end is shown. */
const MOST_STEPS = 64;
/** Rows that a climb may add. */
const MOST_ROWS = 20_000;
/** Spans that are asked for at once. */
const AT_ONCE = 5_000;

/**
 * Of what is cut the newest rows are at hand, and what they came from is older: their parents and what they link to, up to the root, so that the part which is
 * shown hangs together. Found by their own IDs, for a look-up by parent would bring a million siblings.
 */
export function* climb(rows: Rows, note: (found: Found) => void): Generator<Lookup, void, Found> {
  const missing = new Missing();
  missing.around(rows.reported());
  let left = MOST_ROWS;
  for (let step = 0; step < MOST_STEPS && left > 0; step++) {
    const spanIds = missing.take(Math.min(AT_ONCE, left));
    if (spanIds.length === 0) return;
    const found: Found = yield { spanIds, limit: MOST_ROWS };
    note(found);
    // A span ID may be that of spans in any number of traces.
    const spans = decodeSpans(found.spans).filter((span) => missing.wasAsked(span));
    left -= rows.add(spans, [], decodeLogs(found.logs));
    missing.around(spans);
  }
}

interface Context {
  readonly traceId: string;
  readonly spanId: string;
}

/** Spans that others name and that are not at hand, each told once. */
class Missing {
  private readonly atHand = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly open = new Map<string, string>();

  around(spans: readonly Span[]): void {
    for (const span of spans) this.atHand.add(contextKey(span));
    for (const { traceId, parentSpanId, links } of spans) {
      this.look({ traceId, spanId: parentSpanId });
      for (const link of links) this.look(link);
    }
  }

  /** Span IDs, at most so many. */
  take(most: number): string[] {
    const taken = new Set<string>();
    for (const [key, spanId] of this.open) {
      if (taken.size >= most) break;
      this.open.delete(key);
      if (this.atHand.has(key)) continue;
      this.asked.add(key);
      taken.add(spanId);
    }
    return [...taken];
  }

  wasAsked(context: Context): boolean {
    return this.asked.has(contextKey(context));
  }

  private look(context: Context): void {
    if (context.spanId === '') return;
    const key = contextKey(context);
    if (!this.atHand.has(key) && !this.asked.has(key)) this.open.set(key, context.spanId);
  }
}
