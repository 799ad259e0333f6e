import { type Asking, askWorkflow } from '@upshot/causality';
import type { WorkflowGraph } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { exportOf, NOW, type SentSpan } from './fleet.js';

/** A store that holds these batches, each written by itself. */
export async function holding(...batches: readonly (readonly SentSpan[])[]): Promise<Store> {
  const store = openMemoryStore();
  for (const batch of batches) await write(store, batch);
  return store;
}

export async function write(store: Store, batch: readonly SentSpan[]): Promise<void> {
  await store.write({ spans: [decodeExport(exportOf(batch), 'json').spans], records: [] });
}

/** Drives a question with the rows of a store. */
export async function drive<Answer>(store: Store, asking: Asking<Answer>): Promise<Answer> {
  for (let at = asking.next(); ; ) {
    if (at.done) return at.value;
    at = asking.next(await store.find(at.value));
  }
}

export async function workflow(store: Store, key: string, nowUnixNano = NOW): Promise<WorkflowGraph | null> {
  return drive(store, askWorkflow(key, { nowUnixNano }));
}

/** The same in one step. */
export async function answer(spans: readonly SentSpan[], key: string): Promise<WorkflowGraph | null> {
  return workflow(await holding(spans), key);
}
