import { Counter, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8];
const ROWS = [1, 10, 100, 1000, 4000, 16_000, 64_000, 128_000];

interface SettledWrite {
  readonly spans: number;
  readonly records: number;
  readonly logs: number;
  readonly seconds: number;
  readonly error: unknown;
}

/** Measures the writes in which rows become durable. */
export function writeObserver(registers: Registry[]): (write: SettledWrite) => void {
  const seconds = new Histogram({
    name: 'upshot_store_write_seconds',
    help: 'Writes to the store, with their repetitions.',
    buckets: SECONDS,
    registers,
  });
  const rows = new Histogram({
    name: 'upshot_store_write_rows',
    help: 'Rows of one write.',
    buckets: ROWS,
    registers,
  });
  const failures = new Counter({
    name: 'upshot_store_write_failures_total',
    help: 'Writes given up; their senders were told.',
    registers,
  });
  return (write) => {
    seconds.observe(write.seconds);
    rows.observe(write.spans + write.records + write.logs);
    if (write.error !== null) failures.inc();
  };
}
