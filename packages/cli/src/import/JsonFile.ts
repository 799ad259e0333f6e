import { jsonDocuments } from './jsonDocuments.js';
import { nanosOf, type OtlpDocument, type OtlpSpan, scopesOf } from './otlpJson.js';
import { shiftedNanos } from './shiftedNanos.js';
import { REQUEST_BYTES, type TelemetryFile, type TelemetryRequest } from './TelemetryRequest.js';

/** A file of OTLP/JSON. */
export class JsonFile implements TelemetryFile {
  constructor(private readonly file: string) {}

  async *ends(): AsyncGenerator<bigint> {
    for await (const document of jsonDocuments(this.file)) {
      for (const { spans } of scopesOf(document)) {
        for (const span of spans) {
          const end = nanosOf(span.endTimeUnixNano);
          if (end !== null) yield end;
        }
      }
    }
  }

  async *requests(shiftNano: bigint): AsyncGenerator<TelemetryRequest> {
    for await (const document of jsonDocuments(this.file)) {
      if (shiftNano !== 0n)
        for (const { spans } of scopesOf(document)) for (const span of spans) shift(span, shiftNano);
      yield* split(document);
    }
  }
}

/** Moves the times of a span and of its events; attributes are left alone, whatever they hold. */
function shift(span: OtlpSpan, by: bigint): void {
  for (const field of ['startTimeUnixNano', 'endTimeUnixNano'] as const) {
    const time = nanosOf(span[field]);
    if (time !== null) span[field] = `${shiftedNanos(time, by)}`;
  }
  if (!Array.isArray(span.events)) return;
  for (const event of span.events) {
    const time = nanosOf(event?.timeUnixNano);
    if (time !== null) event.timeUnixNano = `${shiftedNanos(time, by)}`;
  }
}

/** A document as one request, or as halves of its scopes and spans until each is small enough. */
function* split(document: OtlpDocument): Generator<TelemetryRequest> {
  const body = Buffer.from(JSON.stringify(document));
  const scopes = [...scopesOf(document)];
  const spans = scopes.reduce((sum, scope) => sum + scope.spans.length, 0);
  if (body.length <= REQUEST_BYTES || spans <= 1) {
    yield { contentType: 'application/json', body, spans };
    return;
  }
  const half = spans >> 1;
  for (const [from, to] of [
    [0, half],
    [half, spans],
  ] as const) {
    let at = 0;
    const resourceSpans = scopes.flatMap(({ resource, scope, spans: all }) => {
      const part = all.slice(Math.max(0, from - at), Math.max(0, to - at));
      at += all.length;
      return part.length === 0 ? [] : [{ ...resource, scopeSpans: [{ ...scope, spans: part }] }];
    });
    yield* split({ resourceSpans });
  }
}
