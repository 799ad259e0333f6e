import type { AttributeValue, Span, SpanKind, SpanSource, StatusCode } from '@upshot/model';

/** OTLP as tests think of it: told apart from both of its encodings, and turned into each. */
export type ModelValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'list'; readonly value: readonly ModelValue[] }
  | { readonly kind: 'map'; readonly value: readonly ModelAttribute[] }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'unset' };

export interface ModelAttribute {
  readonly key: string;
  readonly value: ModelValue;
}

export interface ModelEvent {
  readonly time: bigint;
  readonly name: string;
  readonly attributes: readonly ModelAttribute[];
  readonly dropped: number;
}

export interface ModelLink {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly traceState: string;
  readonly attributes: readonly ModelAttribute[];
  readonly dropped: number;
  readonly flags: number;
}

export interface ModelSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  /** Empty for none. */
  readonly parentSpanId: Uint8Array;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: readonly ModelAttribute[];
  readonly droppedAttributes: number;
  readonly events: readonly ModelEvent[];
  readonly droppedEvents: number;
  readonly links: readonly ModelLink[];
  readonly droppedLinks: number;
  readonly status: { readonly code: number; readonly message: string };
  readonly flags: number;
}

export interface ModelScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly ModelAttribute[];
  readonly schemaUrl: string;
  readonly spans: readonly ModelSpan[];
}

export interface ModelResource {
  readonly attributes: readonly ModelAttribute[];
  readonly schemaUrl: string;
  readonly scopes: readonly ModelScope[];
}

export type ModelRequest = readonly ModelResource[];

/** All spans of a request as the store should give them back. */
export function expectedSpans(request: ModelRequest): Span[] {
  return request.flatMap((resource) =>
    resource.scopes.flatMap((scope) => {
      const source: SpanSource = {
        resource: attributesOf(resource.attributes),
        resourceSchemaUrl: resource.schemaUrl,
        scope: { name: scope.name, version: scope.version, attributes: attributesOf(scope.attributes) },
        scopeSchemaUrl: scope.schemaUrl,
      };
      return scope.spans.map((span) => expectedSpan(span, source));
    }),
  );
}

function expectedSpan(span: ModelSpan, source: SpanSource): Span {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: span.name,
    kind: span.kind as SpanKind,
    startTimeUnixNano: span.start,
    endTimeUnixNano: span.end,
    status: { code: span.status.code as StatusCode, message: span.status.message },
    traceState: span.traceState,
    flags: span.flags,
    attributes: attributesOf(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: event.time,
      name: event.name,
      attributes: attributesOf(event.attributes),
      droppedAttributesCount: event.dropped,
    })),
    links: span.links.map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      traceState: link.traceState,
      attributes: attributesOf(link.attributes),
      droppedAttributesCount: link.dropped,
      flags: link.flags,
    })),
    droppedAttributesCount: span.droppedAttributes,
    droppedEventsCount: span.droppedEvents,
    droppedLinksCount: span.droppedLinks,
    source,
  };
}

export function attributesOf(attributes: readonly ModelAttribute[]): Map<string, AttributeValue> {
  return new Map(attributes.map(({ key, value }) => [key, attributeValueOf(value)]));
}

export function attributeValueOf(value: ModelValue): AttributeValue {
  switch (value.kind) {
    case 'int': {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : value.value;
    }
    case 'list':
      return value.value.map(attributeValueOf);
    case 'map':
      return Object.fromEntries(attributesOf(value.value));
    case 'unset':
      return null;
    default:
      return value.value;
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
