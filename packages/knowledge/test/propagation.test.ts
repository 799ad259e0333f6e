import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propagationOf } from '../src/index.js';
import { type ConsumerPlan, type EventPlan, type FleetPlan, losesAt } from './support/Fleet.js';
import { teach } from './support/teach.js';

const EVERY = 5;
const SEED = 20_261_125;

const consumer = (name: string, more: Partial<ConsumerPlan> = {}): ConsumerPlan => ({
  name,
  system: 'kafka',
  links: false,
  loses: false,
  retries: false,
  ...more,
});
const event = (more: Partial<EventPlan>): EventPlan => ({
  name: 'order.placed',
  producer: 'checkout-api',
  destination: 'orders',
  system: 'kafka',
  loss: 'none',
  from: 0,
  to: null,
  ids: 'message-id',
  consumers: [consumer('billing'), consumer('mail', { links: true }), consumer('stock')],
  ...more,
});
const fleet = (...events: EventPlan[]): FleetPlan => ({ workflows: 60, stepNano: 60_000_000_000n, events });

const health = async (plan: FleetPlan) => propagationOf(await teach(plan, EVERY), { every: EVERY }, 0n);

describe('propagation', () => {
  it('finds nothing at fault where context is carried over', async () => {
    const { hops, faults } = await health(fleet(event({})));
    expect(faults).toEqual([]);
    expect(
      hops.map(({ consumer, declared, deliveries, state, fault }) => [
        consumer,
        declared,
        deliveries,
        state,
        fault,
      ]),
    ).toEqual([
      ['billing', 60, 60, 'whole', 'nobody'],
      ['mail', 60, 60, 'whole', 'nobody'],
      ['stock', 60, 60, 'whole', 'nobody'],
    ]);
  });

  it.each(['message-id', 'correlation', 'nothing'] as const)(
    'names a producer whose messages carry no context, once for all its consumers (%s)',
    async (ids) => {
      const { hops, faults } = await health(fleet(event({ loss: 'producer', ids })));
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatchObject({
        fault: 'producer',
        producer: 'checkout-api',
        destination: 'orders',
        workflows: 60,
      });
      expect(faults[0]!.sentence).toMatch(
        /^checkout-api → orders: its messages carry no context; 3 consumers start new traces; 60 workflows since .* UTC are cut there/,
      );
      expect(faults[0]!.fix).toMatch(
        /^In checkout-api \(version 1\.4\.1, OpenTelemetry instrumentation-kafkajs@0\.32\.0\): /,
      );
      for (const hop of hops) expect(hop.declared + hop.stitched + hop.unlinked).toBe(hop.deliveries);
      if (ids === 'message-id') expect(hops.every(({ stitched }) => stitched === 60)).toBe(true);
    },
  );

  it.each(['message-id', 'correlation'] as const)(
    'names a consumer that does not extract, by what the others do (%s)',
    async (ids) => {
      const plan = event({
        loss: 'consumer',
        ids,
        consumers: [consumer('billing'), consumer('mail', { loses: true })],
      });
      const { hops, faults } = await health(fleet(plan));
      expect(faults).toMatchObject([{ fault: 'consumer', consumers: ['mail'] }]);
      expect(hops[0]).toMatchObject({
        consumer: 'mail',
        others: [{ consumer: 'billing', declared: 60, deliveries: 60 }],
      });
    },
  );

  it('names a bridge where those behind another broker lose the context', async () => {
    const plan = event({
      loss: 'bridge',
      consumers: [consumer('billing'), consumer('depot', { system: 'rabbitmq' })],
    });
    const { faults } = await health(fleet(plan));
    expect(faults).toMatchObject([{ fault: 'broker', consumers: ['depot'] }]);
  });

  it('tells the release with which a producer began to lose the context, and when it was mended', async () => {
    const broken = await health(fleet(event({ loss: 'producer', from: 30 })));
    expect(broken.faults).toMatchObject([{ fault: 'producer', workflows: 30 }]);
    expect(broken.hops[0]!.brokenSince).toMatchObject({
      service: 'checkout-api',
      version: '2.0.0',
      versionBefore: '1.4.1',
    });
    expect(broken.faults[0]!.sentence).toContain('since version 2.0.0 of checkout-api');
    const mended = await health(fleet(event({ loss: 'producer', from: 20, to: 40 })));
    expect(mended.faults).toEqual([]);
    expect(mended.hops.map(({ state }) => state)).toEqual(['mended', 'mended', 'mended']);
  });

  it('tells the release of a consumer, too', async () => {
    const plan = event({
      loss: 'consumer',
      from: 30,
      consumers: [consumer('billing'), consumer('mail', { loses: true })],
    });
    const { hops, faults } = await health(fleet(plan));
    expect(faults).toMatchObject([{ fault: 'consumer', consumers: ['mail'], workflows: 30 }]);
    expect(hops[0]!.brokenSince).toMatchObject({ service: 'mail', version: '2.0.0', versionBefore: '1.4.1' });
  });

  it('blames the right side of generated fleets, and nobody where nothing is lost', async () => {
    const names = ['billing', 'mail', 'stock', 'ledger', 'fraud'];
    const plans = fc.record({
      loss: fc.constantFrom('none' as const, 'producer' as const, 'consumer' as const, 'bridge' as const),
      from: fc.constantFrom(0, 0, 20),
      ids: fc.constantFrom('message-id' as const, 'correlation' as const),
      consumers: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom(...names),
          system: fc.constant('kafka'),
          links: fc.boolean(),
          loses: fc.constant(false),
          retries: fc.boolean(),
        }),
        { minLength: 2, maxLength: 4, selector: ({ name }) => name },
      ),
    });
    let asked = 0;
    let right = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(plans, { minLength: 1, maxLength: 3 }), async (drawn) => {
        const events = drawn.map((one, at): EventPlan => {
          const [first, ...rest] = one.consumers;
          const marked = {
            ...first!,
            loses: one.loss === 'consumer',
            system: one.loss === 'bridge' ? 'rabbitmq' : 'kafka',
          };
          return {
            ...one,
            name: `event-${at}`,
            producer: `producer-${at}`,
            destination: `place-${at}`,
            system: 'kafka',
            to: null,
            consumers: [marked, ...rest],
          };
        });
        const { hops } = await health({ workflows: 40, stepNano: 60_000_000_000n, events });
        for (const one of events) {
          for (const to of one.consumers) {
            const hop = hops.find(
              ({ eventName, consumer }) => eventName === one.name && consumer === to.name,
            );
            expect(hop, `${one.name} → ${to.name}`).toBeDefined();
            const lost = losesAt(one, to, 39);
            expect(hop!.state === 'broken').toBe(lost);
            expect(hop!.deliveries).toBe(40);
            if (!lost) continue;
            asked++;
            if (hop!.fault === (one.loss === 'bridge' ? 'broker' : one.loss)) right++;
          }
        }
      }),
      { numRuns: 25, seed: SEED },
    );
    expect(asked).toBeGreaterThan(30);
    expect(right).toBe(asked);
  }, 120_000);
});
