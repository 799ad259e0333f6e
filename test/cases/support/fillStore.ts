import { decodeExport, decodeLogExport, decodeRecords } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import type { Arrangement } from './arrangements.js';
import { encodeExport } from './encodeExport.js';
import { oneLogRequest } from './logRequestsOf.js';
import { requestOf } from './SpanUnit.js';

/** Writes telemetry into a store as the receiver would. Throws where it would refuse some: cases hold none that is refused. */
export async function fillStore(store: Store, arrangement: Arrangement): Promise<void> {
  for (const { spans, records, cloudEvents, logs } of arrangement.batches) {
    const request = requestOf(spans);
    const body =
      arrangement.encoding === 'json' ? Buffer.from(JSON.stringify(request)) : encodeExport(request);
    const decoded = decodeExport(body, arrangement.encoding);
    if (decoded.spans.rows !== spans.length)
      throw new Error(`${spans.length - decoded.spans.rows} spans were refused`);
    const read = [
      decodeRecords(Buffer.from(records.join('\n')), 'lines', NO_TIME),
      decodeRecords(Buffer.from(JSON.stringify(cloudEvents)), 'cloudevents', NO_TIME),
    ];
    for (const { rejected } of read) {
      if (rejected.length > 0) throw new Error(`record ${rejected[0]!.index}: ${rejected[0]!.reason}`);
    }
    const told = decodeLogExport(Buffer.from(JSON.stringify(oneLogRequest(logs))), 'json', NO_TIME);
    if (told.refusals.count > 0) throw new Error(told.refusals.message());
    await store.write({
      spans: [decoded.spans],
      records: read.flatMap(({ accepted }) => accepted),
      logs: [told.logs],
    });
  }
}

/** The time of records that state none. Cases state it. */
const NO_TIME = 0n;
