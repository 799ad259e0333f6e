import { afterAll, beforeAll, expect, it } from 'vitest';
import { faultsOf, STORY, type TransportName, tell } from '../src/index.js';
import { type Running, run, statuses } from './support.js';

/** What `upshot show` must say of each order of the story, so that its fault is explained and not only there. */
const EXPLAINED: Readonly<Record<number, readonly (string | RegExp)[]>> = {
  1: ['✓ completed', 'send-warehouse-webhook · warehouse · succeeded'],
  2: ['authorize-payment recovered on its third attempt', 'failed: the other side answers HTTP 503'],
  3: [
    'inventory → warehouse: inventory.reserved arrived without trace context',
    'guessed from correlation ID',
    'Fix: In inventory:',
  ],
  4: [
    'order_1004 stopped at reserve-inventory: 4 attempts failed with',
    'reserve-inventory · inventory · dead-lettered',
    'inventory gave up payment.authorized after 4 attempts',
  ],
  5: [
    'warehouse processed inventory.reserved again after it had succeeded',
    'Fix: Make warehouse idempotent',
  ],
  6: [
    'clock-skew: inventory seems to have begun 2.',
    'Fix: Synchronise the clocks of payments and inventory',
  ],
  7: ['reserve-inventory is being processed, begun', 'running'],
  // On Kafka it may be under way for longer: it waits in its partition behind the slow order.
  8: [
    'loyalty has not received payment.authorized, published',
    'loyalty · missing',
    'declared to follow within 3 s',
  ],
};

/** Kafka keeps no dead letters here; what Redis keeps could be sent to all readers of the stream alone. */
const WITHOUT_REPLAY: ReadonlySet<TransportName> = new Set(['kafka', 'platformatic-kafka', 'redis-streams']);

/** The story as tests: over a transport, on the broker at `url`, each fault is what `upshot show` then says of its order. */
export function story(transport: TransportName, url: () => string | undefined): void {
  let running: Running;
  const shown = new Map<number, string>();
  const told: string[] = [];
  const texts: Promise<void>[] = [];
  beforeAll(async () => {
    running = await run(faultsOf(1000), { transport, url: url() });
    await tell(running.shop, {
      base: 1000,
      withinMs: 60_000,
      signal: new AbortController().signal,
      ask: running.graph,
      told: (order, { number }, isThere) => {
        told.push(`${order} ${isThere}`);
        // At once: what is under way now will be over.
        texts.push(running.show(order).then((text) => void shown.set(number, text)));
      },
    });
    await Promise.all(texts);
  }, 240_000);
  afterAll(() => running?.close());

  it('tells of every order, in their order', () => {
    expect(told).toEqual(STORY.map(({ number }) => `order_${1000 + number} true`));
  });

  it.each(STORY.map(({ number, fault, look }) => [number, fault ?? 'no fault', look] as const))(
    'order %i, %s: %s',
    (number) => {
      const text = shown.get(number) ?? '';
      for (const part of EXPLAINED[number] ?? [])
        expect(text).toMatch(part instanceof RegExp ? part : literal(part));
      expect(EXPLAINED[number]).toBeDefined();
    },
  );

  it('joins what speaks another vocabulary, and what comes in batches', async () => {
    const graph = await running.graph('order_1001');
    expect(statuses(graph, 'mail')).toEqual(['succeeded', 'succeeded']);
    expect(statuses(graph, 'summary')).toHaveLength(5);
    expect(graph?.findings.map(({ kind }) => kind)).toEqual([]);
    const spans = await (await fetch(`${running.server.uiUrl}/api/workflows/order_1001/spans`)).json();
    const texts = (spans as { spans: object[] }).spans.map((span) => JSON.stringify(span));
    expect(texts.filter((span) => span.includes('"messaging.destination_kind"'))).toHaveLength(2);
  });

  it('brings who was down what it has missed, from the original cause', async () => {
    await running.shop.setFaults(faultsOf(1000));
    const graph = await running.until('order_1008', (one) => statuses(one, 'loyalty')[0] === 'succeeded');
    expect(statuses(graph, 'loyalty')).toEqual(['succeeded']);
    expect(graph.findings.map(({ kind }) => kind)).not.toContain('broken-causality');
  });

  it('replays what was given up, or says why not', async () => {
    await running.shop.setFaults(faultsOf(1000).filter(({ kind }) => kind !== 'poison'));
    const replayed = running.shop.replay('inventory');
    if (WITHOUT_REPLAY.has(transport))
      return expect(replayed).rejects.toThrow('has no dead letters that could go to inventory alone');
    expect(await replayed).toBe(1);
    await running.until('order_1004', ({ status }) => status === 'completed');
    // BullMQ and the shop's own outbox bring the same delivery again, the others the event from where its dead letter lay.
    expect(await running.show('order_1004')).toMatch(
      /recovered on its fifth attempt|was replayed after reserve-inventory had been given up/,
    );
    return expect(await running.shop.replay('inventory')).toBe(0);
  });
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
