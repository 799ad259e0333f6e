import {
  type Attributes,
  type AttributeValue,
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

/** The attributes of the rows from which workflows were assembled, by hash: of spans, of their resources, of records. The rows that `AttributeMatches` looks at. */
export class RowAttributes {
  /** Spans by ID: where two traces have the same, or one came twice, several. */
  private readonly bySpan = new Map<string, Span | Span[]>();
  private readonly byEvent = new Map<string, number[]>();
  private readonly byResource = new Map<Attributes, readonly number[]>();
  /** Those of the workflow at hand, with repetitions: one array for all, so that there is no garbage. */
  private readonly hashes: number[] = [];

  addSpans(spans: readonly Span[]): void {
    for (const span of spans) {
      const known = this.bySpan.get(span.spanId);
      if (known === undefined) this.bySpan.set(span.spanId, span);
      else if (Array.isArray(known)) known.push(span);
      else this.bySpan.set(span.spanId, [known, span]);
    }
  }

  addRecords(records: Found['records']): void {
    for (const { record } of records) {
      const hashes = this.byEvent.get(record.eventId) ?? [];
      for (const [key, value] of Object.entries(record.attributes)) addHash(hashes, key, value);
      this.byEvent.set(record.eventId, hashes);
    }
  }

  /**
   * Those of one workflow; null where they are too many. What recurs comes first and in order, so that workflows of one kind begin alike: then it takes next to nothing to
   * store.
   */
  of(graph: WorkflowGraph, recurring: Recurring): Uint32Array | null {
    this.hashes.length = 0;
    const resources = new Set<Attributes>();
    for (const { traceId, spanId } of spansOf(graph)) {
      const spans = this.bySpan.get(spanId);
      if (spans === undefined) continue;
      for (const span of Array.isArray(spans) ? spans : [spans]) {
        if (traceId === null ? !graph.traceIds.includes(span.traceId) : span.traceId !== traceId) continue;
        addHashes(this.hashes, span.attributes);
        resources.add(span.source.resource);
      }
    }
    for (const resource of resources) for (const hash of this.ofResource(resource)) this.hashes.push(hash);
    for (const eventId of eventIdsOf(graph))
      for (const hash of this.byEvent.get(eventId) ?? []) this.hashes.push(hash);
    return ordered(new Uint32Array(this.hashes).sort(), recurring);
  }

  private ofResource(resource: Attributes): readonly number[] {
    let hashes = this.byResource.get(resource);
    if (hashes === undefined) {
      const own: number[] = [];
      addHashes(own, resource);
      hashes = own;
      this.byResource.set(resource, hashes);
    }
    return hashes;
  }
}

function addHashes(to: number[], attributes: Attributes): void {
  // Not by the map's iterator, which makes an array of each: this runs over all attributes of all spans.
  attributes.forEach((value, key) => {
    addHash(to, key, value);
  });
}

function addHash(to: number[], key: string, value: AttributeValue): void {
  if (typeof value === 'string') to.push(attributeHash(key, value));
  else for (const text of textsOfAttribute(value)) to.push(attributeHash(key, text));
}

/** Each of these once, what recurs before the rest. In the place of the array that was given. */
function ordered(sorted: Uint32Array, recurring: Recurring): Uint32Array | null {
  const rest: number[] = [];
  let recurs = 0;
  let last = 0;
  for (const hash of sorted) {
    if (hash === last) continue;
    last = hash;
    // What was written lies before what is read: there are no more that recur than were read.
    if (recurring.meet(hash)) sorted[recurs++] = hash;
    else rest.push(hash);
  }
  const size = recurs + rest.length;
  if (size > MOST) return null;
  sorted.set(rest, recurs);
  // A copy of its own size: what is sent to another thread is sent with all the memory behind it.
  return sorted.slice(0, size);
}
