import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CausalityError, startTestUpshot, type TestUpshot, workflow } from '../src/index.js';
import { newShop } from './shop.js';

const CONVENTIONS = fileURLToPath(new URL('conventions.yaml', import.meta.url));
/** For assertions that are to fail. */
const SOON = { within: '800ms' };

let kit: TestUpshot;
let shop: ReturnType<typeof newShop>;
let last = 440;
const newOrder = () => `order_${++last}`;

beforeAll(async () => {
  kit = await startTestUpshot();
  shop = newShop(kit);
});
afterAll(() => kit.close());

async function failing(assertion: Promise<void>): Promise<string> {
  const error = await assertion.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CausalityError);
  return (error as Error).message;
}

describe('an order that arrives', () => {
  it('reaches its last step, unbroken, in one shape', async () => {
    const order = newOrder();
    await shop.place(order);
    await workflow(order).toReach('send-warehouse-webhook', { within: '5s' });
    await workflow(order).toReach('payment.authorized');
    await workflow(order).toReach('warehouse');
    await workflow(order).toHaveAttempts('authorize-payment', 1);
    await workflow(order).toSucceed('send-warehouse-webhook');
    await workflow(order).toBeUnbroken();
    await workflow(order).toComplete();
    await workflow(order).toMatchShape(`
      workflow completed
        place-order (shop)
          order.placed
            billing: authorize-payment succeeded
              payment.authorized
                warehouse: send-warehouse-webhook succeeded
    `);
  });

  it('is not reached by an event that could not be published, and the failure says why', async () => {
    const order = newOrder();
    const refused = new Error('no such exchange');
    const own = kit.service('checkout');
    await expect(
      own.workflow(order, () =>
        own.publish({ event: 'order.placed', destination: 'orders' }, () => Promise.reject(refused)),
      ),
    ).rejects.toBe(refused);
    const message = await failing(workflow(order).toReach('order.placed', SOON));
    expect(message).toContain('✗ checkout could not publish order.placed to orders (no such exchange).');
    expect(message).toContain('never published: no such exchange');
    await workflow(order).toMatchShape(`
      workflow completed
        begin-workflow (checkout) failed
          order.placed never published
    `);
  });

  it('has one shape whatever its IDs and times are', async () => {
    const [one, other] = [newOrder(), newOrder()];
    await shop.place(one, { failures: 1 });
    await shop.place(other, { failures: 1 });
    await workflow(one).toReach('warehouse');
    await workflow(other).toReach('warehouse');
    expect(await workflow(one).shape()).toBe(await workflow(other).shape());
  });

  it('is waited for without a pause: soon after the telemetry is there', async () => {
    const order = newOrder();
    const begun = performance.now();
    await shop.place(order);
    await workflow(order).toReach('send-warehouse-webhook', { within: '30s' });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

describe('an order that is tried again', () => {
  it('recovers after so many attempts', async () => {
    const order = newOrder();
    await shop.place(order, { failures: 2 });
    await workflow(order).toHaveAttempts('authorize-payment', 3);
    await workflow(order).toRecover('authorize-payment');
    await workflow(order).toRecover('billing', { failures: 2 });
    await workflow(order).toRecover();
    await workflow(order).toBeUnbroken();
  });

  it('is told from one with other attempts', async () => {
    const order = newOrder();
    await shop.place(order, { failures: 1 });
    const message = await failing(workflow(order).toHaveAttempts('authorize-payment', 3, SOON));
    expect(message).toContain('authorize-payment has 2 attempts, not 3');
    expect(message).toContain('HTTP 503');
    expect(await failing(workflow(order).toRecover('billing', { failures: 2, ...SOON }))).toContain(
      'did not recover after 2 failed attempts: recovered after 1 failed attempts',
    );
    expect(await failing(workflow(order).toRecover('warehouse', SOON))).toContain('did not recover');
    expect(await failing(workflow(order).toDeadLetter('billing', SOON))).toContain('not dead-lettered');
  });
});

describe('an order that loses its way', () => {
  it('fails with the hop that lost the context, the tree, and what is missing in it', async () => {
    const order = newOrder();
    await shop.place(order, { loseHeaders: true });
    const message = await failing(workflow(order).toReach('send-warehouse-webhook', SOON));
    expect(message).toContain('send-warehouse-webhook was not reached');
    expect(message).toContain('billing → warehouse lost the context');
    expect(message).toContain('Fix: in billing, publish payment.authorized');
    expect(message).toMatch(/◆ payment\.authorized[^\n]*\n[^\n]*warehouse send-warehouse-webhook · missing/);
  });

  it('is broken, though nothing of its own telemetry says so', async () => {
    const order = newOrder();
    await shop.place(order, { loseHeaders: true });
    await workflow(order).toReach('authorize-payment');
    const message = await failing(workflow(order).toBeUnbroken(SOON));
    expect(message).toContain('the context was lost on');
    expect(message).toContain('billing → warehouse lost the context');
  });

  it('does not blame others for a consumer that has not come', async () => {
    const other = await startTestUpshot();
    try {
      await newShop(other).place('order_1', { warehouseIsDown: true });
      await workflow('order_1').toReach('authorize-payment');
      await workflow('order_1').toBeUnbroken();
      const message = await failing(workflow('order_1').toReach('send-warehouse-webhook', SOON));
      expect(message).toContain('✗ send-warehouse-webhook is missing');
      expect(message).not.toContain('lost the context');
      expect(await failing(workflow('order_2').toReach('x', SOON))).toContain('Known are order_1');
    } finally {
      await other.close();
    }
  });

  it('shows the lines in which a shape differs', async () => {
    const other = await startTestUpshot();
    try {
      await newShop(other).place('order_1', { warehouseIsDown: true });
      const message = await failing(
        other.workflow('order_1').toMatchShape(
          `workflow completed
             place-order (shop)
               order.placed`,
          SOON,
        ),
      );
      expect(message).toMatch(/^\+ +billing: authorize-payment succeeded$/m);
    } finally {
      await other.close();
    }
  });
});

describe('conventions', () => {
  it('make a consumer that must react missing, and hold services to their rules', async () => {
    const strict = await startTestUpshot({ conventions: CONVENTIONS });
    try {
      await newShop(strict).place('order_1', { warehouseIsDown: true });
      await strict.workflow('order_1').toReach('payment.authorized');
      await expect
        .poll(async () => (await strict.graph('order_1'))?.deliveries.map(({ status }) => status))
        .toContain('missing');
      expect(await failing(strict.workflow('order_1').toComplete(SOON))).toContain('stuck');
      const careless = strict.service('careless');
      expect(() => careless.publish({ event: 'OrderPlaced', destination: 'orders' })).toThrow('OrderPlaced');
    } finally {
      await strict.close();
    }
  });
});

it('refuses a time that is none', async () => {
  await expect(workflow('order_1').toReach('x', { within: 'soon' })).rejects.toThrow('such as "5s"');
});
