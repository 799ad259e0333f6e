import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { EventRecord } from '@upshot/sdk';
import type { Losses } from './Losses.js';
import { type Fate, Outbox } from './Outbox.js';

const MOST_RECORDS = 4096;
/** A record says what may be about to crash: it goes soon. */
const EVERY_MS = 100;
const TIMEOUT_MS = 5000;

/** An outbox for event records, to `POST /v1/events` as NDJSON. */
export function recordSender(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  environment: string,
  losses: Losses,
): Outbox<EventRecord> {
  const send = async (records: EventRecord[]): Promise<Fate> => {
    const lines = records.flatMap((record) => lineOf({ ...record, environment }));
    losses.add('records', records.length - lines.length, 'no JSON can say them');
    if (lines.length === 0) return 'sent';
    const body = lines.join('\n');
    try {
      const answer = await context.with(suppressTracing(context.active()), () =>
        fetch(`${endpoint}/v1/events`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/x-ndjson' },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      );
      await answer.arrayBuffer();
      if (answer.ok) return 'sent';
      if (answer.status === 413) return 'too-large';
      return [400, 404, 405, 415].includes(answer.status) ? { refused: `HTTP ${answer.status}` } : 'again';
    } catch {
      return 'again';
    }
  };
  return new Outbox({ kind: 'records', most: MOST_RECORDS, batch: 256, everyMs: EVERY_MS, losses, send });
}

/** A record as a line; none where it holds what JSON can't say. */
function lineOf(record: object): string[] {
  try {
    return [JSON.stringify(record)];
  } catch {
    return [];
  }
}
