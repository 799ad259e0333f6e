import type { OtlpDocument, OtlpSpan, ResourceSpans } from '../otlpJson.js';
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

const KINDS: Readonly<Record<string, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
/** What OpenTracing's error logs say, in the words of an exception event (OpenTelemetry's OpenTracing compatibility). */
const EXCEPTION_FIELDS: Readonly<Record<string, string>> = {
  'error.kind': 'exception.type',
  message: 'exception.message',
  stack: 'exception.stacktrace',
};

type Json = { readonly [name: string]: unknown };

/** The traces of a document of Jaeger's query API (`{"data": [trace]}`), or of one trace; null where it is neither. */
export function jaegerTraces(document: unknown): readonly Json[] | null {
  if (!isObject(document)) return null;
  if (isTrace(document)) return [document];
  if (!Array.isArray(document.data)) return null;
  return document.data.every((trace) => isObject(trace) && isTrace(trace)) ? listOf(document.data) : null;
}

function isTrace(value: Json): boolean {
  return typeof value.traceID === 'string' && Array.isArray(value.spans);
}

/**
 * A trace of Jaeger's JSON (github.com/jaegertracing/jaeger, model/json: Trace, Span, Process, KeyValue) as OTLP/JSON, by the mapping of OpenTelemetry's
 * specification (Trace SDK exporters, Jaeger) read backwards. Times are microseconds.
 */
export function jaegerToOtlp(trace: Json): OtlpDocument {
  const processes = isObject(trace.processes) ? trace.processes : {};
  const resources = new Map<string, { resource: Json; spans: Json[] }>();
  for (const span of listOf(trace.spans)) {
    const name = typeof span.processID === 'string' ? span.processID : '';
    const process = isObject(span.process)
      ? span.process
      : Object.hasOwn(processes, name)
        ? processes[name]
        : {};
    const key = isObject(span.process) ? JSON.stringify(process) : name;
    const known = resources.get(key);
    if (known === undefined)
      resources.set(key, { resource: resourceOf(isObject(process) ? process : {}), spans: [span] });
    else known.spans.push(span);
  }
  return {
    resourceSpans: [...resources.values()].map(
      ({ resource, spans }): ResourceSpans => ({
        resource,
        scopeSpans: spans.map((span) => ({ scope: scopeOf(textsOf(span.tags)), spans: [spanOf(span)] })),
      }),
    ),
  };
}

function resourceOf(process: Json): Json {
  const service =
    typeof process.serviceName === 'string' ? [textAttribute('service.name', process.serviceName)] : [];
  return { attributes: [...service, ...attributesOf(process.tags, () => true)] };
}

function spanOf(span: Json): OtlpSpan {
  const tags = textsOf(span.tags);
  const traceId = idOf(span.traceID, 32);
  const references = listOf(span.references).map((reference) => ({
    isParent: reference.refType === 'CHILD_OF',
    refType: reference.refType,
    traceId: idOf(reference.traceID, 32),
    spanId: idOf(reference.spanID, 16),
  }));
  const parent = references.find((reference) => reference.isParent && reference.traceId === traceId);
  const parentSpanId = parent?.spanId ?? idOf(span.parentSpanID, 16);
  const start = nanosOfMicros(span.startTime);
  return {
    traceId,
    spanId: idOf(span.spanID, 16),
    ...(parentSpanId === '' || /^0+$/.test(parentSpanId) ? {} : { parentSpanId }),
    ...(tags.has('w3c.tracestate') ? { traceState: tags.get('w3c.tracestate') } : {}),
    name: typeof span.operationName === 'string' ? span.operationName : '',
    kind: KINDS[tags.get('span.kind') ?? ''] ?? 1,
    startTimeUnixNano: start,
    endTimeUnixNano: String(BigInt(start) + BigInt(nanosOfMicros(span.duration))),
    attributes: attributesOf(
      span.tags,
      (key) => !STATUS_TAGS.has(key) && key !== 'span.kind' && !isScopeTag(key) && key !== 'w3c.tracestate',
    ),
    events: listOf(span.logs).map(eventOf),
    links: references
      .filter((reference) => reference !== parent && reference.traceId !== '' && reference.spanId !== '')
      .map(({ traceId: linkedTrace, spanId, refType }) => ({
        traceId: linkedTrace,
        spanId,
        ...(refType === 'FOLLOWS_FROM'
          ? {}
          : { attributes: [textAttribute('opentracing.ref_type', 'child_of')] }),
      })),
    status: statusOf(tags),
  };
}

function eventOf(log: Json): NonNullable<OtlpSpan['events']>[number] {
  const fields = textsOf(log.fields);
  const isError = fields.get('event') === 'error' && fields.has('error.kind');
  const attributes = attributesOf(log.fields, (key) => key !== 'event').map((attribute) =>
    isError && Object.hasOwn(EXCEPTION_FIELDS, attribute.key)
      ? { ...attribute, key: EXCEPTION_FIELDS[attribute.key]! }
      : attribute,
  );
  return {
    timeUnixNano: nanosOfMicros(log.timestamp),
    name: isError ? 'exception' : (fields.get('event') ?? fields.get('message') ?? 'log'),
    attributes,
  };
}

/** Tags as texts, for those that say what OTLP has fields for. */
function textsOf(tags: unknown): Map<string, string> {
  return new Map(listOf(tags).map(({ key, value }) => [String(key), String(value)]));
}

function attributesOf(tags: unknown, wanted: (key: string) => boolean): OtlpAttribute[] {
  return listOf(tags).flatMap(({ key, type, value }) =>
    typeof key === 'string' && wanted(key) ? [{ key, value: typedValue(type, value) }] : [],
  );
}

/** By the type that a tag says; one that says none is what its value is. */
function typedValue(type: unknown, value: unknown): OtlpAttribute['value'] {
  const kind = typeof type === 'string' ? type.toLowerCase() : '';
  if (kind === 'bool' || typeof value === 'boolean') return { boolValue: value === true || value === 'true' };
  if (kind === 'int64' && /^-?\d+$/.test(String(value))) return { intValue: String(value) };
  if (kind === 'float64' || typeof value === 'number') {
    const number = Number(value);
    return Number.isFinite(number) ? { doubleValue: number } : { stringValue: String(value) };
  }
  if (kind === 'binary') return { bytesValue: String(value) };
  return { stringValue: typeof value === 'string' ? value : (JSON.stringify(value) ?? '') };
}
