/**
 * OTLP/JSON as far as an import looks into it (opentelemetry.proto.trace.v1.TracesData in proto3's JSON mapping). Everything else is passed on
 * as it stands; whether it is right is the server's to say.
 */
export interface OtlpDocument {
  resourceSpans: ResourceSpans[];
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

export function isDocument(value: unknown): value is OtlpDocument {
  return (
    typeof value === 'object' &&
    value !== null &&
    'resourceSpans' in value &&
    Array.isArray(value.resourceSpans) &&
    value.resourceSpans.every(isObject)
  );
}

export function* scopesOf(
  document: OtlpDocument,
): Generator<{ resource: ResourceSpans; scope: ScopeSpans; spans: OtlpSpan[] }> {
  for (const resource of document.resourceSpans) {
    for (const scope of listOf(resource.scopeSpans)) {
      yield { resource, scope, spans: listOf(scope.spans) };
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
