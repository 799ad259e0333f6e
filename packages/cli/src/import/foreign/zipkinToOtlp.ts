import type { OtlpDocument, OtlpSpan } from '../otlpJson.js';
import {
  idOf,
  isObject,
  isScopeTag,
  listOf,
  nanosOfMicros,
  type OtlpAttribute,
  STATUS_TAGS,
  scopeOf,
  statusOf,
  textAttribute,
} from './otlpValue.js';

const KINDS: Readonly<Record<string, number>> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };

type Json = { readonly [name: string]: unknown };

/** The spans of Zipkin v2 JSON: a list of spans, or a list of traces; null where it is neither. */
export function zipkinSpans(document: unknown): readonly Json[] | null {
  if (!Array.isArray(document) || document.length === 0) return null;
  const spans = document.flat(1);
  return spans.every((span) => isObject(span) && isSpan(span)) ? listOf(spans) : null;
}

/** By the names that Zipkin gives its IDs: OTLP says `spanId`, Jaeger `traceID`. */
export function isSpan(value: Json): boolean {
  return typeof value.traceId === 'string' && typeof value.id === 'string' && !('specversion' in value);
}

/**
 * Spans of Zipkin v2 JSON (github.com/openzipkin/zipkin-api, zipkin2-api.yaml) as OTLP/JSON, by the mapping of OpenTelemetry's specification (Trace SDK
 * exporters, Zipkin) read backwards. A `shared` span keeps the ID that it shares with its client: its kind tells the two apart.
 */
export function zipkinToOtlp(spans: readonly Json[]): OtlpDocument {
  const services = new Map<string, Json[]>();
  for (const span of spans) {
    const service = serviceOf(span.localEndpoint);
    const known = services.get(service);
    if (known === undefined) services.set(service, [span]);
    else known.push(span);
  }
  return {
    resourceSpans: [...services].map(([service, of]) => ({
      resource: { attributes: service === '' ? [] : [textAttribute('service.name', service)] },
      scopeSpans: of.map((span) => ({ scope: scopeOf(tagsOf(span)), spans: [spanOf(span)] })),
    })),
  };
}

function spanOf(span: Json): OtlpSpan {
  const tags = tagsOf(span);
  const start = nanosOfMicros(span.timestamp);
  const parentSpanId = idOf(span.parentId, 16);
  return {
    traceId: idOf(span.traceId, 32),
    spanId: idOf(span.id, 16),
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    name: typeof span.name === 'string' ? span.name : '',
    kind: KINDS[String(span.kind)] ?? 1,
    startTimeUnixNano: start,
    endTimeUnixNano: String(BigInt(start) + BigInt(nanosOfMicros(span.duration ?? 0))),
    attributes: [
      ...[...tags]
        .filter(([key]) => !STATUS_TAGS.has(key) && !isScopeTag(key))
        .map(([key, value]) => textAttribute(key, value)),
      ...remote(span.remoteEndpoint, tags),
    ],
    events: listOf(span.annotations).map(({ timestamp, value }) => ({
      timeUnixNano: nanosOfMicros(timestamp),
      name: String(value),
    })),
    status: statusOf(tags),
  };
}

function tagsOf({ tags }: Json): Map<string, string> {
  return new Map(isObject(tags) ? Object.entries(tags).map(([key, value]) => [key, String(value)]) : []);
}

function serviceOf(endpoint: unknown): string {
  return isObject(endpoint) && typeof endpoint.serviceName === 'string' ? endpoint.serviceName : '';
}

function remote(endpoint: unknown, tags: ReadonlyMap<string, string>): OtlpAttribute[] {
  if (!isObject(endpoint)) return [];
  const attributes: OtlpAttribute[] = [];
  const service = serviceOf(endpoint);
  const address = [endpoint.ipv4, endpoint.ipv6].find((text) => typeof text === 'string' && text !== '');
  if (service !== '' && !tags.has('peer.service')) attributes.push(textAttribute('peer.service', service));
  if (address !== undefined) attributes.push(textAttribute('network.peer.address', String(address)));
  if (typeof endpoint.port === 'number')
    attributes.push({ key: 'network.peer.port', value: { intValue: String(endpoint.port) } });
  return attributes;
}
