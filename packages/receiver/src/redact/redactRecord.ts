import type { Redaction } from './Redaction.js';

/** What makes a record what it is: its times, its phase, the form of a CloudEvent. Rules do not reach these. */
const KEPT = new Set([
  'phase',
  'attempt',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'specversion',
  'time',
  'traceparent',
]);

/** An event record or CloudEvent, as its sender wrote it, without what the rules take away. */
export function redactRecord(record: unknown, redaction: Redaction): unknown {
  return redacted(record, '', redaction, 0);
}

/** Deeper values are refused when they are read, whatever they hold. */
const DEEPEST = 64;

function redacted(value: unknown, path: string, redaction: Redaction, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((element) => redacted(element, path, redaction, depth + 1));
  const entries: [string, unknown][] = [];
  for (const [name, held] of Object.entries(value)) {
    const key = path + name;
    const action = KEPT.has(key) ? null : redaction.actionFor(key);
    if (action === 'drop') continue;
    if (action === null) entries.push([name, redacted(held, `${key}.`, redaction, depth + 1)]);
    else if (held !== null && held !== '') {
      const text = typeof held === 'object' ? JSON.stringify(held) : String(held);
      entries.push([name, redaction.replacement(action, Buffer.from(text))]);
    }
  }
  return Object.fromEntries(entries);
}
