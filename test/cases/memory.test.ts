import { askEvent, askSpans, askWorkflow, askWorkflowsAt } from '@upshot/causality';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { renderWorkflow } from '@upshot/text';
import { describe, expect, it } from 'vitest';
import { type Arrangement, asWritten, otherArrangements } from './support/arrangements.js';
import { type Case, readCases } from './support/Case.js';
import { drive } from './support/drive.js';
import { fillStore } from './support/fillStore.js';
import { brokenInvariants } from './support/invariants.js';
import { matchEvent } from './support/matchEvent.js';
import { matchWorkflow } from './support/matchWorkflow.js';
import { misplaced } from './support/standingFor.js';

describe.each(readCases().map((one) => [one.name, one] as const))('%s', (_, one) => {
  it('is answered as expected', async () => {
    const store = await filled(asWritten(one));
    for (const { key, alike = [], workflow, event, text = [] } of one.asks) {
      const answer = await ask(store, one, key);
      if (workflow === null) expect(answer, key).toBeNull();
      else if (workflow !== undefined) {
        expect(answer, `nothing is known of ${key}`).not.toBeNull();
        expect(matchWorkflow(workflow, answer!), key).toEqual([]);
      }
      for (const other of alike) expect(await ask(store, one, other), other).toEqual(answer);
      if (event !== undefined) {
        const about = await drive(store, askEvent(key, { nowUnixNano: one.nowUnixNano }));
        if (event === null) expect(about, key).toBeNull();
        else expect(about === null ? ['nothing is known'] : matchEvent(event, about), key).toEqual([]);
      }
      if (answer === null) continue;
      const page = renderWorkflow(answer, { color: false, width: 100, nowUnixNano: one.nowUnixNano });
      for (const part of text) expect(flat(page)).toContain(flat(part));
    }
  });

  it('keeps what holds for every answer', async () => {
    const store = await filled(asWritten(one));
    const answers = [];
    for (const { key } of one.asks) answers.push(await ask(store, one, key));
    for (const graph of await everyWorkflow(store, one)) answers.push(graph);
    for (const graph of answers) if (graph !== null) expect(brokenInvariants(graph), graph.key).toEqual([]);
  });

  it('lets no span vanish', async () => {
    const store = await filled(asWritten(one));
    const lost: string[] = [];
    for (const { span } of one.spans) {
      const traceId = span.traceId.toLowerCase();
      const spanId = span.spanId.toLowerCase();
      const graph = await ask(store, one, spanId);
      const why = graph === null ? 'nothing is known of it' : misplaced(graph, { traceId, spanId });
      if (why !== null) lost.push(`${spanId}: ${why}`);
    }
    expect(lost).toEqual([]);
  });

  it.each(otherArrangements(one).map((other) => [other.name, other] as const))(
    'answers the same when its telemetry comes %s',
    async (__, other) => {
      const store = await filled(asWritten(one));
      const otherStore = await filled(other);
      for (const { key } of one.asks) {
        expect(await ask(otherStore, one, key), key).toEqual(await ask(store, one, key));
        const [spans, otherSpans] = [await spanIds(store, one, key), await spanIds(otherStore, one, key)];
        expect(otherSpans, key).toEqual(spans);
      }
    },
  );
});

async function filled(arrangement: Arrangement): Promise<Store> {
  const store = openMemoryStore();
  await fillStore(store, arrangement);
  return store;
}

function ask(store: Store, { nowUnixNano }: Case, key: string) {
  return drive(store, askWorkflow(key, { nowUnixNano }));
}

async function everyWorkflow(store: Store, { nowUnixNano }: Case) {
  return drive(store, askWorkflowsAt(await store.entries({ limit: 10_000 }), { nowUnixNano }));
}

async function spanIds(store: Store, { nowUnixNano }: Case, key: string): Promise<string[] | null> {
  const spans = await drive(store, askSpans(key, { nowUnixNano }));
  return spans === null ? null : spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`);
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
