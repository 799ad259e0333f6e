import { jsonDocuments } from './jsonDocuments.js';
import { logScopesOf, nanosOf, type OtlpDocument, scopesOf } from './otlpJson.js';
import { recordRequests } from './recordRequests.js';
import { shiftDocument } from './shiftDocument.js';
import { REQUEST_BYTES, type TelemetryFile, type TelemetryRequest } from './TelemetryRequest.js';

/** A file of OTLP/JSON, or of what is read as such: Jaeger's and Zipkin's JSON, and exports of Upshot. */
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
      for (const record of document.eventRecords ?? []) {
        const end = nanosOf(record.endTimeUnixNano) ?? nanosOf(record.startTimeUnixNano);
        if (end !== null) yield end;
      }
    }
  }

  async *requests(shiftNano: bigint): AsyncGenerator<TelemetryRequest> {
    for await (const document of jsonDocuments(this.file)) {
      if (shiftNano !== 0n) shiftDocument(document, shiftNano);
      if (document.resourceSpans !== undefined) yield* splitSpans({ resourceSpans: document.resourceSpans });
      if (document.resourceLogs !== undefined) yield* splitLogs({ resourceLogs: document.resourceLogs });
      yield* recordRequests(document.eventRecords ?? [], 'json');
      yield* recordRequests(document.cloudEvents ?? [], 'cloudevents');
    }
  }
}

/** A document's spans as one request, or as halves of its scopes and spans until each is small enough. */
function* splitSpans(document: OtlpDocument): Generator<TelemetryRequest> {
  const body = Buffer.from(JSON.stringify(document));
  const scopes = [...scopesOf(document)];
  const count = scopes.reduce((sum, scope) => sum + scope.spans.length, 0);
  if (body.length <= REQUEST_BYTES || count <= 1) {
    yield { path: '/v1/traces', contentType: 'application/json', body, noun: 'span', count };
    return;
  }
  for (const [from, to] of halves(count)) {
    let at = 0;
    const resourceSpans = scopes.flatMap(({ resource, scope, spans: all }) => {
      const part = all.slice(Math.max(0, from - at), Math.max(0, to - at));
      at += all.length;
      return part.length === 0 ? [] : [{ ...resource, scopeSpans: [{ ...scope, spans: part }] }];
    });
    yield* splitSpans({ resourceSpans });
  }
}

/** The same for log records. */
function* splitLogs(document: OtlpDocument): Generator<TelemetryRequest> {
  const body = Buffer.from(JSON.stringify(document));
  const scopes = [...logScopesOf(document)];
  const count = scopes.reduce((sum, scope) => sum + scope.logs.length, 0);
  if (body.length <= REQUEST_BYTES || count <= 1) {
    yield { path: '/v1/logs', contentType: 'application/json', body, noun: 'log record', count };
    return;
  }
  for (const [from, to] of halves(count)) {
    let at = 0;
    const resourceLogs = scopes.flatMap(({ resource, scope, logs: all }) => {
      const part = all.slice(Math.max(0, from - at), Math.max(0, to - at));
      at += all.length;
      return part.length === 0 ? [] : [{ ...resource, scopeLogs: [{ ...scope, logRecords: part }] }];
    });
    yield* splitLogs({ resourceLogs });
  }
}

function halves(count: number): [from: number, to: number][] {
  const half = count >> 1;
  return [
    [0, half],
    [half, count],
  ];
}
