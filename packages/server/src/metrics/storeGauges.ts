import type { Store, StoreStatistics } from '@upshot/storage';
import { Gauge, type Registry } from 'prom-client';
import { latest } from './latest.js';

/** A scrape is answered even where the store is silent. */
const PATIENCE = { freshMs: 0, staleMs: 0, patienceMs: 2_000 };

/** Asked of the store at the time of a scrape; absent while it does not answer, and never what fails the scrape. */
export function addStoreGauges(store: Store, registers: Registry[]): void {
  // A scrape collects all metrics at once: the figures are one question.
  const statistics = latest(() => store.statistics(), PATIENCE);
  const gauge = (name: string, help: string, value: (statistics: StoreStatistics) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const answer = await statistics();
        if (answer) this.set(value(answer));
        else this.remove();
      },
    });
  gauge('upshot_store_spans', 'Spans in the store.', ({ spans }) => spans);
  gauge('upshot_store_records', 'Event records in the store.', ({ records }) => records);
  gauge('upshot_store_logs', 'Log records in the store.', ({ logs }) => logs);
  gauge('upshot_store_bytes', 'Bytes of live data in the store.', ({ bytes }) => bytes);
}
