import { type Asking, askLearned } from '@upshot/causality';
import type { TallySum } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { Cell, contributionsOf, packContributions } from '../../src/index.js';
import { exportOf, type FleetPlan, spansOf } from './Fleet.js';

const NANOS_PER_MINUTE = 60_000_000_000n;

/** A plan carried out, assembled and counted: the sums of its tallies over periods of so many minutes. */
export async function teach(plan: FleetPlan, every: number, seed = 1): Promise<TallySum[]> {
  const store = openMemoryStore();
  const traces: string[] = [];
  let now = 0n;
  for (const spans of spansOf(plan, seed)) {
    await store.write({ spans: [decodeExport(exportOf(spans), 'json').spans], records: [] });
    for (const { span } of spans) {
      traces.push(span.traceId);
      const end = BigInt(String(span.endTimeUnixNano));
      if (end > now) now = end;
    }
  }
  const arrivals = [...new Set(traces)].map((traceId) => ({ traceId, eventId: '' }));
  const cells = new Map<number, Cell>();
  for (let at = 0; at < arrivals.length; at += 256) {
    const learned = await drive(store, askLearned(arrivals.slice(at, at + 256), { nowUnixNano: now }));
    for (const { graph, lesson } of learned.workflows) {
      const timeUnixNano = BigInt(graph.startTimeUnixNano);
      const minute = Number(timeUnixNano / NANOS_PER_MINUTE);
      const cell = cells.get(minute) ?? new Cell();
      cells.set(minute, cell);
      const id = `${graph.key} ${graph.startTimeUnixNano}`;
      cell.set(id, {
        timeUnixNano,
        key: graph.key,
        contributions: packContributions(contributionsOf(lesson)),
      });
    }
  }
  await store.writeTallies(
    [...cells].map(([minute, cell]) => ({ minute, version: now, tallies: cell.tallies() })),
  );
  return store.tallies({ kinds: ['hop', 'publish', 'finding'], every });
}

async function drive<Answer>(store: Store, asking: Asking<Answer>): Promise<Answer> {
  for (let at = asking.next(); ; ) {
    if (at.done) return at.value;
    at = asking.next(await store.find(at.value));
  }
}
