import type { Store, StoreStatistics } from '@upshot/storage';
import { Gauge, type Registry } from 'prom-client';

/** One scrape asks for all three figures within this time. */
const SCRAPE_MS = 1000;

/** Asked of the store at the time of a scrape; absent while it does not answer, and never what fails the scrape. */
export function addStoreGauges(store: Store, registers: Registry[]): void {
  const statistics = onceInAWhile(() => store.statistics().catch(() => null));
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

function onceInAWhile<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let askedAt = 0;
  return () => {
    const now = performance.now();
    if (answer === null || now - askedAt > SCRAPE_MS) {
      askedAt = now;
      answer = ask();
    }
    return answer;
  };
}
