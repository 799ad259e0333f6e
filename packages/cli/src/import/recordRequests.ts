import type { TelemetryRequest } from './TelemetryRequest.js';

/** Records of one request: a fraction of what Upshot takes at once. */
const RECORDS = 5000;

const CONTENT_TYPES = {
  json: 'application/json',
  cloudevents: 'application/cloudevents-batch+json',
} as const;

/** Event records, or CloudEvents in their JSON form, as requests. */
export function* recordRequests(
  records: readonly unknown[],
  form: 'json' | 'cloudevents',
): Generator<TelemetryRequest> {
  for (let at = 0; at < records.length; at += RECORDS) {
    const part = records.slice(at, at + RECORDS);
    yield {
      path: '/v1/events',
      contentType: CONTENT_TYPES[form],
      body: Buffer.from(JSON.stringify(part)),
      noun: 'event record',
      count: part.length,
    };
  }
}
