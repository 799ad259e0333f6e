import type { ReceiverObserver } from '@upshot/receiver';
import { Counter, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8];

/** Counts what the receiver takes and refuses. */
export function receiverObserver(registers: Registry[], onError: (error: unknown) => void): ReceiverObserver {
  const seconds = new Histogram({
    name: 'upshot_receiver_request_seconds',
    help: 'Requests that bring telemetry, until they were answered: durable, or refused. The code is HTTP’s or gRPC’s.',
    labelNames: ['transport', 'signal', 'code'],
    buckets: SECONDS,
    registers,
  });
  const bytes = counter(registers, 'upshot_received_bytes_total', 'Bytes of bodies as sent.', ['transport']);
  const spans = counter(registers, 'upshot_spans_accepted_total', 'Spans acknowledged as durable.');
  const refused = counter(registers, 'upshot_spans_refused_total', 'Spans refused, by reason.', ['reason']);
  const logs = counter(registers, 'upshot_logs_accepted_total', 'Log records acknowledged as durable.');
  const refusedLogs = counter(registers, 'upshot_logs_refused_total', 'Log records refused, by reason.', [
    'reason',
  ]);
  const records = counter(
    registers,
    'upshot_records_accepted_total',
    'Event records acknowledged as durable.',
  );
  const rejected = counter(registers, 'upshot_records_rejected_total', 'Event records refused.');
  return {
    request: ({ transport, signal, code, bodyBytes, seconds: took }) => {
      seconds.observe({ transport, signal, code: `${code}` }, took);
      bytes.inc({ transport }, bodyBytes);
    },
    spans: (accepted, refusals) => {
      spans.inc(accepted);
      for (const [reason, count] of refusals) refused.inc({ reason }, count);
    },
    logs: (accepted, refusals) => {
      logs.inc(accepted);
      for (const [reason, count] of refusals) refusedLogs.inc({ reason }, count);
    },
    records: (accepted, refusedRecords) => {
      records.inc(accepted);
      rejected.inc(refusedRecords);
    },
    error: onError,
  };
}

function counter(registers: Registry[], name: string, help: string, labelNames: string[] = []): Counter {
  return new Counter({ name, help, labelNames, registers });
}
