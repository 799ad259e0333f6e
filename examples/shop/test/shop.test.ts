import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';
import { bringBroker, faultText, openControls, parseFault, Shop } from '../src/index.js';
import { type Running, run, statuses } from './support.js';

describe('faults', () => {
  it.each(['fail@payments=2', 'poison@inventory:order_1,order_2', 'skew@mail=-2500', 'down@loyalty'])(
    '%s is read and written alike',
    (text) => expect(faultText(parseFault(text))).toBe(text),
  );

  it.each([
    ['explode@payments', 'be one of slow, fail'],
    ['fail@nobody=1', 'services are shop, orders'],
    ['fail@payments', 'wants a number: tries of each event that fail first'],
    ['poison@payments=1', 'takes no number'],
    ['down@payments:order_1', 'of a whole service'],
    ['fail payments', 'must look like'],
  ])('%s is refused with what is wrong', (text, reason) => {
    expect(() => parseFault(text)).toThrow(reason);
  });
});

describe('the shop at run time', () => {
  let running: Running;
  let controls: Awaited<ReturnType<typeof openControls>>;
  beforeAll(async () => {
    running = await run([]);
    controls = await openControls(running.shop);
  }, 120_000);
  afterAll(async () => {
    await controls?.close();
    await running?.close();
  });

  const change = (method: string, body = '', headers = {}) =>
    fetch(`${controls.url}/faults`, { method, headers, body: method === 'GET' ? undefined : body });

  it('breaks and heals by a request', async () => {
    expect(await (await change('PUT', 'fail@payments=1')).text()).toBe('fail@payments=1\n');
    const { id } = await running.shop.place();
    await running.until(id, (graph) => statuses(graph, 'payments')[0] === 'recovered');
    expect(await (await change('POST', 'slow@mail=5')).text()).toBe('fail@payments=1\nslow@mail=5\n');
    expect(await (await change('DELETE')).text()).toBe('\n');
    const healed = await running.shop.place();
    await running.until(healed.id, (graph) => statuses(graph, 'payments')[0] === 'succeeded');
  });

  it('says what is wrong with a request, and hears no web page', async () => {
    const refused = await change('PUT', 'explode@payments');
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('be one of slow')]);
    expect((await change('PATCH')).status).toBe(400);
    expect((await change('DELETE', '', { origin: 'https://example.com' })).status).toBe(403);
    await expect(running.shop.place({ amount: -1 })).rejects.toThrow('amount must be a number from 0');
  });

  it('replays dead letters by a request, and says whose it can', async () => {
    const replay = async (body: string) => {
      const answer = await fetch(`${controls.url}/replays`, { method: 'POST', body });
      return [answer.status, await answer.text()];
    };
    expect(await replay('payments')).toEqual([200, 'payments: 0 replayed\n']);
    expect(await replay('nobody')).toEqual([400, expect.stringContaining('there is no service "nobody"')]);
    expect(await replay('')).toEqual([400, expect.stringContaining('name a service')]);
    await running.shop.setFaults([parseFault('poison@mail')]);
    const { id } = await running.shop.place();
    await running.until(
      id,
      (graph) => graph.findings.filter(({ kind }) => kind === 'dead-letter').length === 2,
    );
    await running.shop.setFaults([]);
    expect(await replay('payments mail')).toEqual([200, 'payments: 0 replayed\nmail: 2 replayed\n']);
    await running.until(id, (graph) => statuses(graph, 'mail').join() === 'recovered,recovered');
  });

  it('brings a service that was down what it has missed, from the original cause', async () => {
    await running.shop.setFaults([parseFault('down@loyalty')]);
    const { id } = await running.shop.place();
    await running.until(id, (graph) => statuses(graph, 'loyalty').includes('missing'));
    await running.shop.setFaults([]);
    const graph = await running.until(id, (one) => statuses(one, 'loyalty').includes('succeeded'));
    expect(statuses(graph, 'loyalty')).toEqual(['succeeded']);
    expect(graph.findings.map(({ kind }) => kind)).not.toContain('broken-causality');
  });

  it('keeps what a publisher had not delivered over its own restart', async () => {
    // Inventory is away, and payments, whose outbox holds its event, is stopped as well.
    await running.shop.setFaults([parseFault('down@inventory')]);
    const { id } = await running.shop.place();
    await running.until(id, (graph) =>
      graph.events.some(({ eventName }) => eventName === 'payment.authorized'),
    );
    await running.shop.setFaults([parseFault('down@inventory'), parseFault('down@payments')]);
    await running.shop.setFaults([]);
    const graph = await running.until(id, (one) => statuses(one, 'inventory').includes('succeeded'));
    expect(graph.traceIds.length).toBeGreaterThan(0);
    expect(graph.findings.map(({ kind }) => kind)).not.toContain('broken-causality');
  });

  it('lets a service take up another vocabulary, and read in batches', async () => {
    await running.shop.setFaults(['vocabulary@warehouse', 'batch@mail=3'].map(parseFault));
    const { id } = await running.shop.place();
    const graph = await running.until(
      id,
      (one) =>
        statuses(one, 'mail').length === 2 && statuses(one, 'mail').every((status) => status === 'succeeded'),
    );
    expect(statuses(graph, 'warehouse')).toEqual(['succeeded']);
    expect(graph.findings.map(({ kind }) => kind)).not.toContain('broken-causality');
  });
});

it('leaves nothing running where it does not come up', async () => {
  const shop = Shop.start({
    endpoint: 'http://127.0.0.1:9',
    transport: 'rabbitmq',
    url: 'amqp://127.0.0.1:9',
  });
  await expect(shop).rejects.toThrow(/^rabbitmq at amqp:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
});

describe('a broker', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is none where there is none, or one is told', async () => {
    expect(await bringBroker('http')).toMatchObject({ transport: 'http', url: undefined });
    const url = 'mqtt://127.0.0.1:1883';
    expect(await bringBroker(url)).toMatchObject({ transport: 'mqtt', url });
    const told = await bringBroker('bullmq', 'redis://127.0.0.1:6379');
    expect(told).toMatchObject({ transport: 'bullmq', url: 'redis://127.0.0.1:6379' });
  });

  it('that is not there is said, with what to do', async () => {
    await expect(bringBroker('carrier-pigeon')).rejects.toThrow('known are http, rabbitmq, kafka');
    vi.stubEnv('PATH', '/nowhere');
    await expect(bringBroker('redis-streams')).rejects.toThrow(
      /^redis-streams needs a broker, and redis-server is not installed here: .*; or start one, and give its URL with --broker-url$/,
    );
  });

  describeBroker('by its name', 'redis', () => {
    it('is started, and stopped', async () => {
      const brought = await bringBroker('redis-streams');
      expect(brought.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
      await brought.close();
    });
  });
});
