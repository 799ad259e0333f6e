import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { WorkflowGraph } from '@upshot/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBrokers } from '../brokers/describeBrokers.js';
import { BROKERS_OF_BRIDGE, Bridge } from './bridge/Bridge.js';

/** From who acted to who reacted, over each transport in turn. */
const HOPS = [
  'order.placed: shop → kafka orders → billing',
  'payment.authorized: billing → rabbitmq payments → shipping',
  'parcel.packed: shipping → http parcels → warehouse',
  'parcel.collected: warehouse → postgresql outbox → outbox-relay',
  'parcel.collected: relay → nats parcels.collected → mail',
] as const;

const LOSSES = [
  {
    transport: 'RabbitMQ',
    sender: 'billing',
    broken: HOPS[1],
    hop: {
      producer: 'billing',
      eventName: 'payment.authorized',
      destination: 'payments',
      consumer: 'shipping',
    },
    evidence: ['event-id'],
  },
  {
    transport: 'Kafka',
    sender: 'shop',
    broken: HOPS[0],
    hop: { producer: 'shop', eventName: 'order.placed', destination: 'orders', consumer: 'billing' },
    evidence: ['broker-position'],
  },
] as const;

const STEPS = [
  'place-order',
  'authorize-payment',
  'ship-order',
  'hand-to-carrier',
  'outbox-relay parcel.collected',
  'mail-buyer',
];

describeBrokers(
  'one workflow over Kafka, RabbitMQ, a webhook, an outbox and NATS',
  BROKERS_OF_BRIDGE,
  (broker) => {
    let bridge: Bridge;
    beforeAll(async () => {
      bridge = await Bridge.start(broker);
    }, 120_000);
    afterAll(() => bridge?.close());

    it('is one graph, all of whose causes are declared', async () => {
      const graph = await bridgedOrder(bridge);
      expect(graph.findings).toEqual([]);
      for (const cause of graph.causes) expect(cause.confidence, JSON.stringify(cause)).toBe(1);
      for (const hop of HOPS) expect(evidenceOf(graph, hop), hop).toContain('parent');
      expect(new Set(graph.events.map(({ correlationId }) => correlationId))).toEqual(new Set([graph.key]));
      expect(graph.traceIds).toHaveLength(1);
      await expectFoundByAll(bridge, graph);
    });

    it.each(LOSSES)(
      'is one graph all the same where the sender loses the headers of $transport: that hop is broken, and no other',
      async ({ sender, broken, hop, evidence }) => {
        await bridge.do(sender, 'loseHeaders', { loses: true });
        const graph = await bridgedOrder(bridge);
        await bridge.do(sender, 'loseHeaders', { loses: false });
        expect(graph.findings.map((finding) => [finding.kind, finding.hop])).toEqual([
          ['broken-causality', hop],
        ]);
        // Joined by what the message itself or its place says, which is certain, and no propagation.
        expect(evidenceOf(graph, broken)).toEqual(evidence);
        for (const other of HOPS)
          if (other !== broken) expect(evidenceOf(graph, other), other).toContain('parent');
        for (const cause of graph.causes) expect(cause.confidence, JSON.stringify(cause)).toBe(1);
        expect(graph.traceIds, 'behind the loss a new trace began').toHaveLength(2);
        await expectFoundByAll(bridge, graph);
        const stitchedAt = ({ hops }: Propagation) =>
          hops.find((one) => isDeepStrictEqual({ ...one, ...hop }, one))?.stitched;
        const counted = await bridge.ask<Propagation>('/api/propagation', (told) => stitchedAt(told) === 1);
        expect(stitchedAt(counted), 'certain, and not sound').toBe(1);
        expect(counted.hops.filter(({ unlinked }) => unlinked > 0)).toEqual([]);
      },
      60_000,
    );
  },
);

interface Propagation {
  readonly hops: readonly Readonly<{
    producer: string;
    eventName: string;
    destination: string;
    consumer: string;
    stitched: number;
    unlinked: number;
  }>[];
}

/** Places an order, and waits for the mail that ends its way. What holds on any way holds here. */
async function bridgedOrder(bridge: Bridge): Promise<WorkflowGraph> {
  const order = `order_${randomBytes(5).toString('hex')}`;
  await bridge.do('shop', 'placeOrder', { order });
  // Who sent may end, and tell of it, after who received.
  const isThere = (one: WorkflowGraph) =>
    one.status === 'completed' &&
    isDeepStrictEqual(hopsOf(one), [...HOPS].sort()) &&
    isDeepStrictEqual(wayTo(one, 'mail-buyer'), STEPS);
  const graph = await bridge.graph(order, isThere);
  const text = await bridge.text(order);
  expect(graph.status, text).toBe('completed');
  expect([graph.key, graph.correlationIds], text).toEqual([order, [order]]);
  expect(hopsOf(graph), text).toEqual([...HOPS].sort());
  expect(wayTo(graph, 'mail-buyer'), text).toEqual(STEPS);
  expect(graph.events.map(({ eventId }) => eventId)).not.toContain(null);
  const passedOn = graph.events.filter(({ eventName }) => eventName === 'parcel.collected');
  expect(new Set(passedOn.map(({ eventId }) => eventId)).size, 'the relay passes on the event itself').toBe(
    1,
  );
  return graph;
}

/** Whoever knows one ID of it, of whatever kind, is shown all of it. */
async function expectFoundByAll(bridge: Bridge, graph: WorkflowGraph): Promise<void> {
  const ids = new Set([
    ...graph.traceIds,
    ...graph.events.map(({ eventId }) => eventId!),
    ...graph.attempts.map(({ spanId }) => spanId!),
  ]);
  for (const id of ids) {
    const { key, events, deliveries, attempts, steps, causes } = await bridge.graph(id);
    expect({ key, events, deliveries, attempts, steps, causes }, id).toEqual({
      key: graph.key,
      events: graph.events,
      deliveries: graph.deliveries,
      attempts: graph.attempts,
      steps: graph.steps,
      causes: graph.causes,
    });
  }
}

/** Each delivery of a graph, as in `HOPS`. */
function deliveredOver(graph: WorkflowGraph): Map<string, string> {
  const events = new Map(graph.events.map((event) => [event.id, event]));
  return new Map(
    graph.deliveries.map(({ id, event, consumer }) => {
      const { eventName, producer, system, destination } = events.get(event)!;
      return [`${eventName}: ${producer} → ${system} ${destination} → ${consumer}`, id];
    }),
  );
}

function hopsOf(graph: WorkflowGraph): string[] {
  return [...deliveredOver(graph).keys()].sort();
}

function evidenceOf(graph: WorkflowGraph, hop: string): readonly string[] {
  const delivery = deliveredOver(graph).get(hop);
  return graph.causes.find(({ kind, to }) => kind === 'delivered' && to === delivery)?.evidence ?? [];
}

/** The steps from the root to this one, along the causes alone. */
function wayTo(graph: WorkflowGraph, step: string): string[] {
  const causeOf = new Map(graph.causes.map(({ from, to }) => [to, from]));
  const steps = new Map([...graph.attempts, ...graph.steps].map((one) => [one.id, one.step]));
  const way: string[] = [];
  let at = graph.attempts.find((attempt) => attempt.step === step)?.id;
  for (; at !== undefined; at = causeOf.get(at)) {
    const passed = steps.get(at);
    if (passed !== undefined) way.unshift(passed);
  }
  return way;
}
