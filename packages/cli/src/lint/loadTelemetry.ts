import { decodeSpans, MalformedProtobuf } from '@upshot/model';
import { decodeExport, decodeRecords } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { CliError } from '../CliError.js';
import { wholeFile } from '../import/fileBytes.js';
import { telemetryFile } from '../import/telemetryFile.js';
import { holdsRecords, recordBodies } from './recordBodies.js';

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
  if (await holdsRecords(file)) {
    for (const { body, form } of recordBodies(await wholeFile(file), file)) {
      const { accepted, rejected } = decodeRecords(body, form, nowUnixNano);
      for (const { reason } of rejected) refused.add(reason);
      for (const { record } of accepted) for (const id of [record.traceId, record.eventId]) ids.add(id);
      rows += accepted.length;
      await store.write({ spans: [], records: accepted });
    }
    return { rows, ids, refused: [...refused] };
  }
  for await (const { body, contentType } of (await telemetryFile(file)).requests(0n)) {
    const { spans, refusals } = decoded(file, body, contentType === 'application/json' ? 'json' : 'protobuf');
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
