import { type AttributeValue, earlier, hexAt, later, type Span, StatusCode } from '@upshot/model';

/** A span's identity: its trace, its ID and its kind. */
export function identityOf(span: Span): string {
  return `${span.traceId}/${span.spanId}/${span.kind}`;
}

/** What one identity stands for after all its reports were merged. */
export interface MergedSpan {
  readonly span: Span;
  /** True where two reports under the identity said different things. */
  readonly differed: boolean;
}

/**
 * One span per identity, whatever the order and the number of reports: equal ones are one; of different ones an error wins, the later
 * end wins, the earlier start wins, and of all else what comes last in the order of the text.
 */
export function mergeSpans(reports: readonly Span[]): MergedSpan {
  const first = reports[0]!;
  if (reports.length === 1) return { span: first, differed: false };
  const byText = new Map<string, Span>();
  for (const report of reports) byText.set(fingerprint(report), report);
  if (byText.size === 1) return { span: first, differed: false };
  const ordered = [...byText.keys()].sort().map((text) => byText.get(text)!);
  return { span: ordered.reduce(mergeTwo), differed: true };
}

function mergeTwo(a: Span, b: Span): Span {
  const winner = rank(b) >= rank(a) ? b : a;
  return {
    ...winner,
    parentSpanId: winner.parentSpanId || a.parentSpanId || b.parentSpanId,
    startTimeUnixNano: earlier(a.startTimeUnixNano, b.startTimeUnixNano),
    endTimeUnixNano: later(a.endTimeUnixNano, b.endTimeUnixNano),
    attributes: new Map([...a.attributes, ...b.attributes, ...winner.attributes]),
    events: a.events.length > b.events.length ? a.events : b.events,
    links: a.links.length > b.links.length ? a.links : b.links,
  };
}

function rank(span: Span): number {
  return span.status.code === StatusCode.error ? 2 : span.status.code === StatusCode.ok ? 1 : 0;
}

/** All that a report says, as one text: equal texts are equal reports. */
function fingerprint(span: Span): string {
  return JSON.stringify(
    [
      span.name,
      span.parentSpanId,
      String(span.startTimeUnixNano),
      String(span.endTimeUnixNano),
      span.status,
      [...span.attributes].sort(([a], [b]) => (a < b ? -1 : 1)),
      span.events.map((event) => [event.name, String(event.timeUnixNano), [...event.attributes]]),
      span.links.map((link) => [link.traceId, link.spanId, [...link.attributes]]),
      [...span.source.resource].sort(([a], [b]) => (a < b ? -1 : 1)),
      span.source.scope.name,
    ],
    writable,
  );
}

function writable(_key: string, value: AttributeValue | undefined): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  return value instanceof Uint8Array ? hexAt(value, 0, value.length) : value;
}
