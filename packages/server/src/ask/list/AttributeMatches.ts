import {
  type Attributes,
  type AttributeValue,
  decodeSpans,
  type Found,
  textsOfAttribute,
  type WorkflowGraph,
} from '@upshot/model';
import { eventIdsOf, spansOf } from './graphIds.js';

/** The rows that carry one attribute with one value: of the span, of its resource, or of the record. */
export class AttributeMatches {
  /** Traces by span ID. */
  private readonly spans = new Map<string, Set<string>>();
  private readonly events = new Set<string>();

  constructor(
    private readonly key: string,
    private readonly value: string,
  ) {}

  add({ spans, records }: Pick<Found, 'spans' | 'records'>): void {
    for (const { traceId, spanId, attributes, source } of decodeSpans(spans)) {
      if (!this.isIn(attributes) && !this.isIn(source.resource)) continue;
      const traces = this.spans.get(spanId);
      if (traces) traces.add(traceId);
      else this.spans.set(spanId, new Set([traceId]));
    }
    for (const { record } of records) {
      const { attributes } = record;
      if (Object.hasOwn(attributes, this.key) && this.is(attributes[this.key]!))
        this.events.add(record.eventId);
    }
  }

  in(graph: WorkflowGraph): boolean {
    for (const { traceId, spanId } of spansOf(graph)) {
      const traces = this.spans.get(spanId);
      if (traces && (traceId === null ? graph.traceIds.some((id) => traces.has(id)) : traces.has(traceId)))
        return true;
    }
    for (const eventId of eventIdsOf(graph)) if (this.events.has(eventId)) return true;
    return false;
  }

  private isIn(attributes: Attributes): boolean {
    const value = attributes.get(this.key);
    return value !== undefined && this.is(value);
  }

  private is(value: AttributeValue): boolean {
    for (const text of textsOfAttribute(value)) if (text === this.value) return true;
    return false;
  }
}
