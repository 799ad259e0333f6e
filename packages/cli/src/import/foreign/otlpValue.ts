/** An attribute of OTLP/JSON. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly [kind: string]: unknown };
}

export function textAttribute(key: string, stringValue: string): OtlpAttribute {
  return { key, value: { stringValue } };
}

/** An ID of OpenTelemetry's length: shorter ones of older tracers get zeros before them. "" where it is none. */
export function idOf(value: unknown, digits: 16 | 32): string {
  if (typeof value !== 'string' || !/^[0-9a-fA-F]+$/.test(value) || value.length > digits) return '';
  return value.toLowerCase().padStart(digits, '0');
}

/** Nanoseconds as decimal text, of microseconds since 1970. */
export function nanosOfMicros(micros: unknown): string {
  const number = typeof micros === 'string' ? Number(micros) : micros;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return '0';
  return String(BigInt(Math.round(number)) * 1000n);
}

export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly { readonly [name: string]: unknown }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** OTLP's status of a span by the tags that OpenTelemetry's exporters and OpenTracing write (specification, Trace SDK exporters). */
export function statusOf(tags: ReadonlyMap<string, string>): { code?: number; message?: string } {
  const code = tags.get('otel.status_code')?.toUpperCase();
  const error = tags.get('error');
  const description = tags.get('otel.status_description');
  if (code === 'OK') return { code: 1 };
  if (code !== 'ERROR' && (error === undefined || error === 'false')) return {};
  const message = description ?? (error === 'true' || error === undefined ? '' : error);
  return message === '' ? { code: 2 } : { code: 2, message };
}

/** Tags that say what OTLP has fields for. */
export const STATUS_TAGS = new Set(['otel.status_code', 'otel.status_description', 'error']);
export const SCOPE_TAGS = {
  name: ['otel.scope.name', 'otel.library.name'],
  version: ['otel.scope.version', 'otel.library.version'],
} as const;

export function scopeOf(tags: ReadonlyMap<string, string>): { name: string; version: string } {
  const first = (keys: readonly string[]) =>
    keys.map((key) => tags.get(key)).find((text) => text !== undefined) ?? '';
  return { name: first(SCOPE_TAGS.name), version: first(SCOPE_TAGS.version) };
}

export function isScopeTag(key: string): boolean {
  return [...SCOPE_TAGS.name, ...SCOPE_TAGS.version].some((one) => one === key);
}
