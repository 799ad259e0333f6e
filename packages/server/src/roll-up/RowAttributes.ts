import {
  type Attributes,
  attributeHash,
  type Found,
  type Span,
  textsOfAttribute,
  type WorkflowGraph,
} from '@upshot/model';
import { eventIdsOf, spansOf } from '../ask/list/graphIds.js';
import type { Recurring } from './Recurring.js';

/** Attributes of one note, a quarter of a megabyte. A workflow with more is looked into each time that somebody looks for an attribute. */
const MOST = 65_536;

interface SpanAttributes {
  readonly span: Span;
  hashes: readonly number[] | null;
}

/** The attributes of the rows from which workflows were assembled, by hash: of spans, of their resources, of records. The rows that `AttributeMatches` looks at. */
export class RowAttributes {
  private readonly bySpan = new Map<string, SpanAttributes[]>();
  private readonly byEvent = new Map<string, Set<number>>();
  private readonly byResource = new Map<Attributes, readonly number[]>();

  addSpans(spans: readonly Span[]): void {
    for (const span of spans) {
      const known = this.bySpan.get(span.spanId);
      if (known) known.push({ span, hashes: null });
      else this.bySpan.set(span.spanId, [{ span, hashes: null }]);
    }
  }

  addRecords(records: Found['records']): void {
    for (const { record } of records) {
      let hashes = this.byEvent.get(record.eventId);
      if (hashes === undefined) {
        hashes = new Set();
        this.byEvent.set(record.eventId, hashes);
      }
      for (const hash of hashesOf(Object.entries(record.attributes))) hashes.add(hash);
    }
  }

  /**
   * Those of one workflow; null where they are too many. What recurs comes first and in order, so that workflows of one kind begin alike: then it takes next to nothing to
   * store.
   */
  of(graph: WorkflowGraph, recurring: Recurring): Uint32Array | null {
    const all = new Set<number>();
    for (const { traceId, spanId } of spansOf(graph)) {
      for (const row of this.bySpan.get(spanId) ?? []) {
        const own = row.span.traceId;
        if (traceId === null ? !graph.traceIds.includes(own) : own !== traceId) continue;
        row.hashes ??= [...hashesOf(row.span.attributes)];
        for (const hash of row.hashes) all.add(hash);
        for (const hash of this.ofResource(row.span.source.resource)) all.add(hash);
      }
    }
    for (const eventId of eventIdsOf(graph))
      for (const hash of this.byEvent.get(eventId) ?? []) all.add(hash);
    if (all.size > MOST) return null;
    return ordered(all, recurring);
  }

  private ofResource(resource: Attributes): readonly number[] {
    let hashes = this.byResource.get(resource);
    if (hashes === undefined) {
      hashes = [...hashesOf(resource)];
      this.byResource.set(resource, hashes);
    }
    return hashes;
  }
}

function* hashesOf(
  attributes: Iterable<readonly [string, Parameters<typeof textsOfAttribute>[0]]>,
): Generator<number> {
  for (const [key, value] of attributes)
    if (typeof value === 'string') yield attributeHash(key, value);
    else for (const text of textsOfAttribute(value)) yield attributeHash(key, text);
}

function ordered(hashes: ReadonlySet<number>, recurring: Recurring): Uint32Array {
  const first: number[] = [];
  const rest: number[] = [];
  for (const hash of hashes) (recurring.meet(hash) ? first : rest).push(hash);
  const all = new Uint32Array(hashes.size);
  all.set(first);
  all.subarray(0, first.length).sort();
  all.set(rest, first.length);
  return all;
}
