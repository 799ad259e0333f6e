/** Headers by name, as the application wrote them. */
export type HeaderRecord = Record<string, string | string[]>;

/**
 * Headers of whatever form a client takes: `Headers`, a record, pairs, or undici's flat list of names and values.
 */
export function recordOf(headers: unknown): HeaderRecord {
  const record: HeaderRecord = {};
  if (typeof headers !== 'object' || headers === null) return record;
  const add = (name: unknown, value: unknown): void => {
    if (typeof name !== 'string' || value === undefined || value === null) return;
    record[name] = Array.isArray(value) ? value.map(String) : String(value);
  };
  if (Array.isArray(headers) && typeof headers[0] === 'string') {
    for (let at = 0; at + 1 < headers.length; at += 2) add(headers[at], headers[at + 1]);
  } else if (typeof (headers as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function') {
    for (const pair of headers as Iterable<unknown>) if (Array.isArray(pair)) add(pair[0], pair[1]);
  } else for (const [name, value] of Object.entries(headers)) add(name, value);
  return record;
}

/** A copy with others in it; names are the same whatever their case. */
export function withHeaders(record: HeaderRecord, others: Readonly<Record<string, string>>): HeaderRecord {
  const names = new Set(Object.keys(others).map((name) => name.toLowerCase()));
  const kept = Object.entries(record).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...others };
}

/** The first value of a header; null where it is not there. */
export function headerOf(record: Readonly<Record<string, unknown>>, name: string): string | null {
  for (const [one, value] of Object.entries(record)) {
    if (one.toLowerCase() !== name) continue;
    const first = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? first : null;
  }
  return null;
}

/** A header's value holds visible ASCII. */
export function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, encodeURIComponent);
}
