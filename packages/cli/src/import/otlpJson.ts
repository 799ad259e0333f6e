/**
 * OTLP/JSON as far as an import looks into it (opentelemetry.proto.trace.v1.TracesData in proto3's JSON mapping). Everything else is passed on
 * as it stands; whether it is right is the server's to say.
 */
export interface OtlpDocument {
  resourceSpans?: ResourceSpans[];
  resourceLogs?: ResourceLogs[];
  /** Of an export of Upshot: what OTLP has no form for. */
  eventRecords?: Timed[];
  cloudEvents?: Timed[];
}

export interface ResourceLogs {
  scopeLogs?: ScopeLogs[];
  [field: string]: unknown;
}

export interface ScopeLogs {
  logRecords?: Timed[];
  [field: string]: unknown;
}

/** Whatever has times among its fields. */
export interface Timed {
  [field: string]: unknown;
}

export interface ResourceSpans {
  scopeSpans?: ScopeSpans[];
  [field: string]: unknown;
}

export interface ScopeSpans {
  spans?: OtlpSpan[];
  [field: string]: unknown;
}

export interface OtlpSpan {
  startTimeUnixNano?: string | number;
  endTimeUnixNano?: string | number;
  events?: { timeUnixNano?: string | number; [field: string]: unknown }[];
  [field: string]: unknown;
}

/** Whether it holds any spans, log records or records; a file of a Collector may hold metrics among them. */
export function isDocument(value: unknown): value is OtlpDocument {
  if (!isObject(value)) return false;
  const parts = PARTS.filter((part) => part in (value as object));
  return (
    parts.length > 0 &&
    parts.every((part) => {
      const list = (value as { [part: string]: unknown })[part];
      return Array.isArray(list) && list.every(isObject);
    })
  );
}

const PARTS = ['resourceSpans', 'resourceLogs', 'eventRecords', 'cloudEvents'];

export function* scopesOf(
  document: OtlpDocument,
): Generator<{ resource: ResourceSpans; scope: ScopeSpans; spans: OtlpSpan[] }> {
  for (const resource of listOf(document.resourceSpans)) {
    for (const scope of listOf(resource.scopeSpans)) {
      yield { resource, scope, spans: listOf(scope.spans) };
    }
  }
}

export function* logScopesOf(
  document: OtlpDocument,
): Generator<{ resource: ResourceLogs; scope: ScopeLogs; logs: Timed[] }> {
  for (const resource of listOf(document.resourceLogs)) {
    for (const scope of listOf(resource.scopeLogs)) {
      yield { resource, scope, logs: listOf(scope.logRecords) };
    }
  }
}

/** Nanoseconds of a 64-bit field, which stands as a decimal string or, from careless senders, as a number; null where it is neither. */
export function nanosOf(value: unknown): bigint | null {
  if (typeof value === 'string' && /^[0-9]{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return BigInt(value);
  return null;
}

function listOf<T>(value: T[] | undefined): T[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
