import { describe, expect, it, onTestFinished } from 'vitest';
import { serve, spawnUpshot, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

const FREE_PORTS = ['--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0'];
/** The whole story, on a machine that has much else to do. */
const WITHIN_MS = 150_000;

async function demo(args: readonly string[], lastLine = 'Ctrl-C ends it.') {
  const started = spawnUpshot(['demo', ...FREE_PORTS, ...args]);
  onTestFinished(async () => {
    started.child.kill('SIGKILL');
    await started.finished;
  });
  await expect
    .poll(() => (started.child.exitCode === null ? started.printed.stdout : started.printed.stderr), {
      timeout: WITHIN_MS,
      interval: 100,
    })
    .toContain(lastLine);
  return started;
}

describe('upshot demo', () => {
  it(
    'says what to look at, shows a workflow, takes orders, and ends with everything it started',
    async () => {
      const { child, printed, finished } = await demo([]);
      const { stdout } = printed;
      expect(stdout).toMatch(/^upshot ready ui=http:\S+ otlp-http=\S+ otlp-grpc=\S+ store=memory\n/);
      const looks = [...stdout.matchAll(/^ {2}(order_\d+) (.+)$/gm)].map(
        ([, order, look]) => `${order} ${look}`,
      );
      expect(looks.map((look) => look.slice(0, 10))).toEqual(
        [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `order_100${number}`),
      );
      expect(looks[2]).toContain('order_1003 lost its way at send-warehouse-webhook');
      expect(stdout).not.toContain('should be seen by now');
      expect(stdout).toContain('order_1004 stopped at reserve-inventory: 4 attempts failed');

      const [, ui = ''] = /ui=(\S+)/.exec(stdout) ?? [];
      const [, orders = ''] = /curl -X POST (\S+\/orders)/.exec(stdout) ?? [];
      const placed = await fetch(orders, { method: 'POST', body: '{"id":"order_of_mine"}' });
      expect(placed.status).toBe(202);
      await expect
        .poll(async () => (await upshot(['show', 'order_of_mine', '--url', ui])).stdout, { timeout: 30_000 })
        .toContain('send-warehouse-webhook');

      child.kill('SIGINT');
      const { code, stderr } = await finished;
      expect(stderr).toBe('');
      expect(code).toBe(0);
      // The services have gone with it: nobody takes orders any more.
      await expect(fetch(orders, { method: 'POST' })).rejects.toThrow();
    },
    WITHIN_MS,
  );

  it(
    'places further orders in a store of earlier runs',
    async () => {
      const store = temporaryDirectory();
      const first = await demo(['--store', store]);
      const [, otlp = ''] = /otlp-http=(\S+)/.exec(first.printed.stdout) ?? [];
      first.child.kill('SIGTERM');
      expect((await first.finished).code).toBe(0);
      expect(otlp).not.toBe('');
      const second = await demo(['--store', store], 'order_1101');
      second.child.kill('SIGTERM');
      expect((await second.finished).code).toBe(0);
      expect(second.printed.stdout).not.toContain('order_1001');
    },
    2 * WITHIN_MS,
  );

  it(
    'places none in a store of somebody else',
    async () => {
      const store = temporaryDirectory();
      const served = await serve(['--store', store]);
      const event = { eventId: 'evt_1', eventName: 'paper.signed', correlationId: 'paper_1' };
      await fetch(`${served.otlpHttp}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
      await expect
        .poll(async () => (await upshot(['find'], served.env)).stdout, { timeout: 30_000 })
        .toContain('paper_1');
      expect((await served.stop()).code).toBe(0);
      const { child, printed, finished } = await demo(['--store', store]);
      expect(printed.stdout).toContain('The store has workflows of its own');
      expect(printed.stdout).not.toContain('order_1001');
      child.kill('SIGTERM');
      expect((await finished).code).toBe(0);
    },
    WITHIN_MS,
  );

  it.each([
    [
      ['--broker', 'carrier-pigeon'],
      'there is no transport "carrier-pigeon": known are http, rabbitmq, kafka, ',
    ],
    [['--orders-port', 'x'], '--orders-port'],
  ])('%j is one line and exit code 2', async (args, reason) => {
    const { code, stdout, stderr } = await upshot(['demo', ...FREE_PORTS, ...args]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(reason);
  });

  it(
    'serves on where the shop does not start, and says why',
    async () => {
      const { child, printed, finished } = await demo(
        ['--broker', 'amqp://127.0.0.1:9'],
        'Upshot answers at',
      );
      expect(printed.stderr).toContain(
        'upshot: the shop did not start: rabbitmq at amqp://127.0.0.1:9: connect ECONNREFUSED',
      );
      const [, ui = ''] = /ui=(\S+)/.exec(printed.stdout) ?? [];
      expect((await fetch(`${ui}/readyz`)).status).toBe(200);
      child.kill('SIGTERM');
      expect((await finished).code).toBe(0);
    },
    WITHIN_MS,
  );
});
