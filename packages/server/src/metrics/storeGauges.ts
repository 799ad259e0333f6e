import type { Store, StoreStatistics } from '@upshot/storage';
import { Gauge, type Registry } from 'prom-client';

/** Asked of the store at the time of a scrape; absent while it does not answer, and never what fails the scrape. */
export function addStoreGauges(store: Store, registers: Registry[]): void {
  // A scrape collects all metrics at once: the three figures are one question.
  const statistics = shared(() => store.statistics().catch(() => null));
  const gauge = (name: string, help: string, value: (statistics: StoreStatistics) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const latest = await statistics();
        if (latest) this.set(value(latest));
        else this.remove();
      },
    });
  gauge('upshot_store_spans', 'Spans in the store.', ({ spans }) => spans);
  gauge('upshot_store_records', 'Event records in the store.', ({ records }) => records);
  gauge('upshot_store_bytes', 'Bytes of live data in the store.', ({ bytes }) => bytes);
}

/** Who asks while an answer is under way gets that one. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | null = null;
  return () => {
    pending ??= ask().finally(() => {
      pending = null;
    });
    return pending;
  };
}
