import { askSpans, askWorkflow, askWorkflowsAt } from '@upshot/causality';
import type { WorkflowGraph } from '@upshot/model';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { renderWorkflow } from '@upshot/text';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Arrangement, asWritten, otherArrangements } from './support/arrangements.js';
import { askingStore, expectAnswers } from './support/asking.js';
import { readCases } from './support/Case.js';
import { drive } from './support/drive.js';
import { fillStore } from './support/fillStore.js';
import { brokenInvariants, danglingReferences } from './support/invariants.js';
import { misplaced } from './support/standingFor.js';

describe.each(readCases().map((one) => [one.name, one] as const))('%s', (_, one) => {
  const { nowUnixNano, conventions } = one;
  let store: Store;
  beforeAll(async () => {
    store = await filled(asWritten(one));
  });

  it('is answered as expected', async () => {
    const ask = askingStore(store, one);
    const text = async (key: string) => {
      const answer = await ask.workflow(key);
      return answer === null ? null : renderWorkflow(answer, { color: false, width: 100, nowUnixNano });
    };
    await expectAnswers(one.asks, { ...ask, text });
  });

  it('keeps what holds for every answer', async () => {
    const ask = askingStore(store, one);
    const answers = await drive(
      store,
      askWorkflowsAt(await store.entries({ limit: 10_000 }), { nowUnixNano, conventions }),
    );
    for (const { key } of one.asks) {
      const answer = await ask.workflow(key);
      if (answer !== null) answers.push(answer);
    }
    for (const answer of answers) expect(brokenInvariants(answer), answer.key).toEqual([]);
  });

  it('lets no span vanish', async () => {
    const ask = askingStore(store, one);
    const lost: string[] = [];
    for (const { span } of one.spans) {
      const answer = await ask.workflow(span.spanId);
      const why = answer === null ? 'nothing is known of it' : misplaced(answer, span);
      if (why !== null) lost.push(`${span.spanId}: ${why}`);
    }
    expect(lost).toEqual([]);
  });

  it('pages without losing or repeating a node', async () => {
    for (const { key } of one.asks) {
      const whole = await drive(store, askWorkflow(key, { nowUnixNano, conventions }));
      if (whole === null) continue;
      const paged = new Set<string>();
      const total = nodeIds(whole).length;
      for (let cursor: string | null = null; ; ) {
        const page: WorkflowGraph = (await drive(
          store,
          askWorkflow(key, { nowUnixNano, conventions, limit: 3, cursor }),
        ))!;
        expect(danglingReferences(page), key).toEqual([]);
        for (const id of nodeIds(page)) paged.add(id);
        // What holds but a part never looks whole.
        expect(page.truncated === null).toBe(nodeIds(page).length === total);
        if (page.truncated === null) break;
        expect(page.truncated.total).toBe(total);
        cursor = page.truncated.nextCursor;
        if (cursor === null) break;
      }
      expect([...paged].sort()).toEqual(nodeIds(whole).sort());
    }
  });

  it.each(otherArrangements(one).map((other) => [other.name, other] as const))(
    'answers the same when its telemetry comes %s',
    async (__, other) => {
      whatIsAnswered ??= allAnswers(store);
      const expected = await whatIsAnswered;
      expect(await allAnswers(await filled(other))).toEqual(expected);
    },
  );

  let whatIsAnswered: Promise<object[]> | null = null;
  async function allAnswers(from: Store): Promise<object[]> {
    const ask = askingStore(from, one);
    const answers: object[] = [];
    for (const { key } of one.asks) {
      const spans = await drive(from, askSpans(key, { nowUnixNano }));
      answers.push({
        key,
        workflow: await ask.workflow(key),
        event: await ask.event(key),
        spans: spans?.map(({ traceId, spanId }) => `${traceId}/${spanId}`),
      });
    }
    return answers;
  }
});

function nodeIds({ events, deliveries, attempts, steps }: WorkflowGraph): string[] {
  return [...events, ...deliveries, ...attempts, ...steps].map(({ id }) => id);
}

async function filled(arrangement: Arrangement): Promise<Store> {
  const store = openMemoryStore();
  await fillStore(store, arrangement);
  return store;
}
