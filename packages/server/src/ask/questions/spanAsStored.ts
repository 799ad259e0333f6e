import type { StoredSpan } from '@upshot/api-contract';
import { type Span, SpanKind, StatusCode } from '@upshot/model';
import { attributesAsJson, sourceAsStored } from './asStored.js';

const KINDS = nameByNumber(SpanKind);
const CODES = nameByNumber(StatusCode);

/** A span as the API shows it: nothing judged, nothing left out. */
export function spanAsStored(span: Span): StoredSpan {
  const { source } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === '' ? null : span.parentSpanId,
    name: span.name,
    kind: KINDS.get(span.kind) ?? 'unspecified',
    startTimeUnixNano: `${span.startTimeUnixNano}`,
    endTimeUnixNano: unsigned(span.endTimeUnixNano),
    status: { code: CODES.get(span.status.code) ?? 'unset', message: span.status.message },
    traceState: span.traceState,
    flags: span.flags,
    attributes: attributesAsJson(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: `${event.timeUnixNano}`,
      name: event.name,
      attributes: attributesAsJson(event.attributes),
      droppedAttributesCount: event.droppedAttributesCount,
    })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceState: link.traceState,
      flags: link.flags,
      attributes: attributesAsJson(link.attributes),
      droppedAttributesCount: link.droppedAttributesCount,
    })),
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
    ...sourceAsStored(source),
  };
}

/** An end before 1970 wraps round, as it did on the wire. */
function unsigned(nanos: bigint): string {
  return `${BigInt.asUintN(64, nanos)}`;
}

function nameByNumber<Name extends string>(names: { readonly [name in Name]: number }): Map<number, Name> {
  return new Map(Object.entries<number>(names).map(([name, number]) => [number, name as Name]));
}
