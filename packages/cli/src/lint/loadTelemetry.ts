import { decodeSpans, MalformedProtobuf } from '@upshot/model';
import { decodeExport, decodeLogExport, decodeRecords } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { CliError } from '../CliError.js';
import { telemetryFile } from '../import/telemetryFile.js';

/** What came in from a file. */
export interface Loaded {
  readonly rows: number;
  /** Trace and event IDs, by which an example is found again. */
  readonly ids: ReadonlySet<string>;
  /** Why rows were refused, each reason once. */
  readonly refused: readonly string[];
}

/** Reads a recording into a store: OTLP/JSON, OTLP protobuf, or event records. Rejects with `CliError` where it is none. */
export async function loadTelemetry(file: string, store: Store, nowUnixNano: bigint): Promise<Loaded> {
  const ids = new Set<string>();
  const refused = new Set<string>();
  let rows = 0;
  for await (const request of (await telemetryFile(file)).requests(0n)) {
    if (request.noun === 'event record') {
      const form = request.contentType === 'application/json' ? 'json' : 'cloudevents';
      const { accepted, rejected } = decodeRecords(request.body, form, nowUnixNano);
      for (const { reason } of rejected) refused.add(reason);
      for (const { record } of accepted) for (const id of [record.traceId, record.eventId]) ids.add(id);
      rows += accepted.length;
      await store.write({ spans: [], records: accepted });
      continue;
    }
    const encoding = request.contentType === 'application/json' ? 'json' : 'protobuf';
    if (request.noun === 'log record') {
      const { logs } = decodeLogExport(request.body, encoding, nowUnixNano);
      rows += logs.rows;
      await store.write({ spans: [], records: [], logs: [logs] });
      continue;
    }
    const { spans, refusals } = decoded(file, request.body, encoding);
    for (const { traceId } of decodeSpans(spans)) ids.add(traceId);
    if (refusals.count > 0) refused.add(refusals.message());
    rows += spans.rows;
    await store.write({ spans: [spans], records: [] });
  }
  return { rows, ids, refused: [...refused] };
}

function decoded(file: string, body: Buffer, encoding: 'json' | 'protobuf') {
  try {
    return decodeExport(body, encoding);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const what = error instanceof MalformedProtobuf ? 'an encoded ExportTraceServiceRequest' : 'OTLP/JSON';
    throw new CliError(`${file} is not ${what} (${error.message})`, { cause: error });
  }
}
