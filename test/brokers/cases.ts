import { randomBytes } from 'node:crypto';
import type { WorkflowGraph } from '@upshot/model';
import { expect } from 'vitest';
import { newPlace } from './place.js';
import type { Rig } from './Rig.js';
import type { Place, Reading } from './service/Driver.js';

/** What an adapter must bring across its broker. Each answers the graph that it ended in. */
export interface Case {
  readonly about: string;
  /** @throws where the graph is not what it must be */
  readonly run: (rig: Rig) => Promise<WorkflowGraph>;
}

const STEPS: Readonly<Record<string, string>> = { billing: 'authorize-payment', shipping: 'ship-order' };

function reading(at: Place, consumer: string): Reading {
  return { ...at, consumer, step: STEPS[consumer] ?? 'look-at-it' };
}

function correlation(): string {
  return `order_${randomBytes(5).toString('hex')}`;
}

/** `order.placed for billing: recovered` … of all deliveries. */
function deliveries(graph: WorkflowGraph): string[] {
  const names = new Map(graph.events.map(({ id, kind, eventName }) => [id, `${kind} ${eventName}`]));
  return graph.deliveries
    .map(({ event, consumer, status }) => `${names.get(event)} for ${consumer}: ${status}`)
    .sort();
}

function kinds(graph: WorkflowGraph): string[] {
  return graph.findings.map(({ kind }) => kind).sort();
}

/** `isThere`: what else has arrived when the graph is as expected. */
async function expectDeliveries(
  rig: Rig,
  key: string,
  expected: readonly string[],
  isThere: (graph: WorkflowGraph) => boolean = () => true,
): Promise<WorkflowGraph> {
  const wanted = JSON.stringify([...expected].sort());
  const graph = await rig.graph(key, (one) => JSON.stringify(deliveries(one)) === wanted && isThere(one));
  expect(deliveries(graph), await rig.text(key)).toEqual(JSON.parse(wanted));
  return graph;
}

/** The same, and all is joined by declared context: no hop is cut, nothing is guessed. A parent may arrive after its children: it ends after them. */
async function expectUnbroken(rig: Rig, key: string, expected: readonly string[]): Promise<WorkflowGraph> {
  const graph = await expectDeliveries(rig, key, expected, (one) => !kinds(one).includes('missing-parent'));
  expect(kinds(graph)).not.toContain('broken-causality');
  expect(kinds(graph)).not.toContain('missing-parent');
  expect(kinds(graph)).not.toContain('ambiguous-cause');
  for (const cause of graph.causes) expect(cause.confidence, JSON.stringify(cause)).toBe(1);
  for (const event of graph.events) expect(event.eventId, event.eventName).not.toBeNull();
  return graph;
}

async function singleHop(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing']);
  const key = correlation();
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: {} });
  await rig.shop.do('publish', {
    correlationId: key,
    sent: { destination: at.destination, event: 'order.placed', id: 'm' },
  });
  const [handled] = await rig.billing.hasHandled('billing', 'm');
  const graph = await expectUnbroken(rig, key, ['event order.placed for billing: succeeded']);
  expect(graph.status).toBe('completed');
  expect(graph.attempts.map(({ step, service, outcome }) => `${step} ${service} ${outcome}`)).toEqual([
    'authorize-payment billing succeeded',
  ]);
  const [event] = graph.events;
  expect(event).toMatchObject({ producer: 'shop', correlationId: key });
  // The five identities, as the handler saw them: none stands in for another.
  expect(handled!.ids).toMatchObject({ correlationId: key, eventId: event!.eventId, causationId: null });
  expect(graph.attempts[0]).toMatchObject({ traceId: handled!.ids.traceId, spanId: handled!.ids.spanId });
  expect(graph.steps.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['place-order', 'ask-the-bank']),
  );
  rig.billing.handled.length = 0;
  return graph;
}

async function fanOut(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing', 'shipping']);
  const key = correlation();
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: {} });
  await rig.shipping.do('consume', { reading: reading(at, 'shipping'), plan: {} });
  await rig.shop.do('publish', {
    correlationId: key,
    sent: { destination: at.destination, event: 'order.placed', id: 'm' },
  });
  const graph = await expectUnbroken(rig, key, [
    'event order.placed for billing: succeeded',
    'event order.placed for shipping: succeeded',
  ]);
  expect(graph.events).toHaveLength(1);
  return graph;
}

async function failFailSucceed(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing'], 4);
  const key = correlation();
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: { failures: 2 } });
  await rig.shop.do('publish', {
    correlationId: key,
    sent: { destination: at.destination, event: 'order.placed', id: 'm' },
  });
  const graph = await expectUnbroken(rig, key, ['event order.placed for billing: recovered']);
  const attempts = [...graph.attempts].sort((a, b) => a.number - b.number);
  expect(attempts.map(({ number, outcome, error }) => [number, outcome, error?.message ?? null])).toEqual([
    [1, 'failed', 'the bank says 503'],
    [2, 'failed', 'the bank says 503'],
    [3, 'succeeded', null],
  ]);
  return graph;
}

async function deadLetter(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing'], 2);
  const key = correlation();
  await rig.shop.do('declare', { place: at });
  await rig.shipping.do('consumeDeadLetters', { reading: reading(at, 'billing'), plan: {} });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: { failures: 99 } });
  await rig.shop.do('publish', {
    correlationId: key,
    sent: { destination: at.destination, event: 'order.placed', id: 'm' },
  });
  const graph = await expectDeliveries(rig, key, [
    'dead-letter order.placed for billing.dead: succeeded',
    'event order.placed for billing: dead-lettered',
  ]);
  expect(graph.status).toBe('failed');
  expect(kinds(graph)).toContain('dead-letter');
  expect(kinds(graph)).not.toContain('broken-causality');
  const ids = new Set(graph.events.map(({ eventId }) => eventId));
  expect(ids.size, 'the dead letter is the same event').toBe(1);
  return graph;
}

async function replay(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing'], 2);
  const key = correlation();
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: { failures: 99 } });
  await rig.shop.do('publish', {
    correlationId: key,
    sent: { destination: at.destination, event: 'order.placed', id: 'm' },
  });
  await expectDeliveries(rig, key, ['event order.placed for billing: dead-lettered']);
  await rig.billing.do('heal', { destination: at.destination });
  await rig.shipping.do('consumeDeadLetters', {
    reading: reading(at, 'billing'),
    plan: { resendTo: at.destination },
  });
  const graph = await rig.graph(
    key,
    ({ status, events }) => status === 'completed' && events.some(({ kind }) => kind === 'replay'),
  );
  expect(graph.status, await rig.text(key)).toBe('completed');
  expect(graph.events.map(({ kind }) => kind).sort()).toEqual(['dead-letter', 'event', 'replay']);
  expect(new Set(graph.events.map(({ eventId }) => eventId)).size).toBe(1);
  return graph;
}

/** Four workflows whose messages are handled in one go. */
async function inBatch(rig: Rig, then: Place | null): Promise<{ keys: string[]; first: WorkflowGraph }> {
  const at = newPlace(['billing']);
  const keys = [1, 2, 3, 4].map(correlation);
  await rig.shop.do('declare', { place: at });
  if (then !== null) {
    await rig.shop.do('declare', { place: then });
    await rig.shipping.do('consume', { reading: reading(then, 'shipping'), plan: {} });
  }
  for (const [index, key] of keys.entries()) {
    const sent = { destination: at.destination, event: 'order.placed', id: `m${index}` };
    await rig.shop.do('publish', { correlationId: key, sent });
  }
  const plan =
    then === null
      ? {}
      : { followUp: { destination: then.destination, event: 'payment.authorized', id: 'f' } };
  await rig.billing.do('consumeBatch', { reading: reading(at, 'billing'), size: keys.length, plan });
  const expected = ['event order.placed for billing: succeeded'];
  if (then !== null) expected.push('event payment.authorized for shipping: succeeded');
  const graphs: WorkflowGraph[] = [];
  for (const key of keys) {
    const graph = await expectUnbroken(rig, key, expected);
    expect(graph.correlationIds, 'a batch welds no workflows together').toEqual([key]);
    graphs.push(graph);
  }
  return { keys, first: graphs[0]! };
}

async function batch(rig: Rig): Promise<WorkflowGraph> {
  return (await inBatch(rig, null)).first;
}

async function followUpUnderBatch(rig: Rig): Promise<WorkflowGraph> {
  const { first } = await inBatch(rig, newPlace(['shipping']));
  const cause = first.events.find(({ eventName }) => eventName === 'order.placed')!;
  const followUp = first.events.find(({ eventName }) => eventName === 'payment.authorized')!;
  expect(followUp.causationId).toBe(cause.eventId);
  return first;
}

async function lostHeader(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing']);
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: {} });
  const id = `lost-${randomBytes(4).toString('hex')}`;
  await rig.shop.do('publishBare', { sent: { destination: at.destination, event: 'order.placed', id } });
  const [handled] = await rig.billing.hasHandled('billing', id);
  const key = handled!.ids.traceId!;
  const graph = await rig.graph(
    key,
    ({ attempts }) => attempts.length === 1 && attempts[0]!.outcome === 'succeeded',
  );
  expect(graph.attempts, await rig.text(key)).toHaveLength(1);
  expect(graph.attempts[0]).toMatchObject({ step: 'authorize-payment', outcome: 'succeeded' });
  expect(kinds(graph)).toContain('broken-causality');
  return graph;
}

/** Something between sender and broker drops the headers: the broker's own word for the message tells whose it is, and the hop is said to be broken. */
async function lostOnTheWay(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing']);
  const key = correlation();
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: {} });
  const sent = { destination: at.destination, event: 'order.placed', id: 'm' };
  await rig.shop.do('publishStripped', { correlationId: key, sent });
  await rig.billing.hasHandled('billing', 'm');
  const graph = await expectDeliveries(rig, key, ['event order.placed for billing: succeeded']);
  expect(graph.events).toHaveLength(1);
  expect(kinds(graph)).toContain('broken-causality');
  const [delivered] = graph.causes.filter(({ kind }) => kind === 'delivered');
  expect(delivered!.confidence, 'it is stitched, and not guessed').toBe(1);
  for (const one of delivered!.evidence) expect(['event-id', 'broker-position']).toContain(one);
  return graph;
}

/** A sender of another make, whose only header is B3: its own span says what it published. */
async function foreignHeader(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing']);
  const key = correlation();
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  await rig.shop.do('declare', { place: at });
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: {} });
  const text = (name: string, stringValue: string) => ({ key: name, value: { stringValue } });
  const now = BigInt(Date.now()) * 1_000_000n;
  await rig.sendForeign([
    {
      resource: { attributes: [text('service.name', 'legacy-shop')] },
      scopeSpans: [
        {
          scope: { name: 'brave' },
          spans: [
            {
              traceId,
              spanId,
              name: 'send',
              kind: 4,
              startTimeUnixNano: String(now),
              endTimeUnixNano: String(now + 1_000_000n),
              attributes: [
                text('upshot.event', 'order.placed'),
                text('messaging.message.conversation_id', key),
              ],
            },
          ],
        },
      ],
    },
  ]);
  const headers = { b3: `${traceId}-${spanId}-1` };
  const id = `b3-${spanId}`;
  await rig.shop.do('publishBare', {
    sent: { destination: at.destination, event: 'order.placed', id, headers },
  });
  const graph = await expectDeliveries(rig, key, ['event order.placed for billing: succeeded']);
  expect(kinds(graph)).not.toContain('broken-causality');
  expect(graph.events[0]).toMatchObject({ producer: 'legacy-shop', eventName: 'order.placed' });
  return graph;
}

/** One message is there before the broker restarts and handled after it; one is sent by the same workflow thereafter. */
async function restart(rig: Rig): Promise<WorkflowGraph> {
  const at = newPlace(['billing']);
  const key = correlation();
  const sent = (id: string) => ({ destination: at.destination, event: 'order.placed', id });
  await rig.shop.do('declare', { place: at });
  await rig.shop.do('publish', { correlationId: key, sent: sent('before') });
  await rig.broker?.restart();
  await rig.all('reconnect');
  await rig.billing.do('consume', { reading: reading(at, 'billing'), plan: {} });
  await rig.shop.do('publish', { correlationId: key, sent: sent('after') });
  await rig.billing.hasHandled('billing', 'before');
  await rig.billing.hasHandled('billing', 'after');
  const graph = await expectUnbroken(rig, key, [
    'event order.placed for billing: succeeded',
    'event order.placed for billing: succeeded',
  ]);
  return graph;
}

/** The one case file. `restart` is the last: it takes the broker from under the others. */
export const CASES = {
  'single hop': { about: 'one publish, one consumer, all five identities', run: singleHop },
  'fan-out': { about: 'one event for two consumers', run: fanOut },
  'fail, fail, succeed': { about: 'three attempts of one delivery, which recovered', run: failFailSucceed },
  'dead letter': { about: 'given up after its attempts, and read from where it lies', run: deadLetter },
  replay: { about: 'a dead letter that is sent again, and then succeeds', run: replay },
  batch: { about: 'messages of four workflows in one go, which stay four', run: batch },
  'follow-up under a batch': {
    about: 'each follow-up has its own message as its cause',
    run: followUpUnderBatch,
  },
  'lost header': { about: 'a sender without headers is found, and said', run: lostHeader },
  'headers lost on the way': {
    about: 'a message that arrives bare is joined by what the broker calls it',
    run: lostOnTheWay,
  },
  'foreign header': { about: 'a sender that knows but B3', run: foreignHeader },
  restart: { about: 'the broker restarts in the middle', run: restart },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof CASES;
