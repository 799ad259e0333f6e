import { describe, expect, it, onTestFinished } from 'vitest';
import { order } from './fixtures/orders.js';
import { type Served, serve, spawnUpshot, upshot } from './fixtures/spawnUpshot.js';

async function send({ otlpHttp }: Served, document: unknown): Promise<void> {
  const response = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
  expect(response.status).toBe(200);
}

/** Started and listening: what ended before is not printed. */
async function tailing(server: Served, args: readonly string[] = []) {
  const tail = spawnUpshot(['tail', ...args], server.env);
  onTestFinished(async () => {
    tail.child.kill('SIGKILL');
    await tail.finished;
  });
  // The command connects within its first seconds; its first answer is what had ended before.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  return tail;
}

describe('upshot tail', () => {
  it('prints workflows as they end, and none that had ended before', async () => {
    const server = await serve(['--store', 'memory']);
    await send(server, order(1));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const tail = await tailing(server, ['--json']);
    await send(server, order(2));
    await send(server, order(3, { error: 'HTTP 503' }));
    const keys = () =>
      tail.printed.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { key: string; status: string })
        .map(({ key, status }) => `${key} ${status}`)
        .sort();
    await expect.poll(keys, { timeout: 30_000 }).toEqual(['order_2 completed', 'order_3 failed']);
    expect(tail.printed.stderr).toBe('');
  });

  it('filters as the list does', async () => {
    const server = await serve(['--store', 'memory']);
    const tail = await tailing(server, ['--status', 'failed']);
    await send(server, order(2));
    await send(server, order(3, { error: 'HTTP 503' }));
    await expect.poll(() => tail.printed.stdout, { timeout: 30_000 }).toContain('order_3');
    expect(tail.printed.stdout).not.toContain('order_2');
  });

  it('filters by an attribute and by a text', async () => {
    const server = await serve(['--store', 'memory']);
    const tail = await tailing(server, ['--attr', 'messaging.system:kafka', 'http 503']);
    let n = 0;
    // What ends before it has connected is not printed, and a busy machine takes its time.
    const sendMore = async () => {
      await send(server, order(++n));
      await send(server, order(++n, { error: 'HTTP 503' }));
      return tail.printed.stdout;
    };
    await expect.poll(sendMore, { timeout: 60_000, interval: 1_000 }).toContain('order_');
    expect(tail.printed.stdout).not.toMatch(/order_\d*[13579]\b/);
  });

  it('says where nobody answers', async () => {
    const { code, stderr } = await upshot(['tail', '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^upshot: Upshot can't be reached at http:\/\/127\.0\.0\.1:1 /);
  });
});

describe('upshot forget', () => {
  it('deletes one workflow, and only when it is told so twice', async () => {
    const server = await serve(['--store', 'memory']);
    await send(server, order(1));
    await send(server, order(2));
    const asked = await upshot(['forget', 'order_1'], server.env);
    expect([asked.code, asked.stderr]).toEqual([
      2,
      "upshot: This can't be undone. `upshot show order_1` shows what would go; add --yes to delete it\n",
    ]);
    expect((await upshot(['show', 'order_1'], server.env)).code).toBe(0);
    const done = await upshot(['forget', 'order_1', '--yes'], server.env);
    expect([done.code, done.stdout, done.stderr]).toEqual([
      0,
      'Forgotten: order_1 (3 spans, 0 event records, 0 log records deleted)\n',
      '',
    ]);
    expect((await upshot(['show', 'order_1'], server.env)).code).toBe(2);
    expect((await upshot(['show', 'order_2'], server.env)).code).toBe(0);
    expect((await upshot(['forget', 'order_1', '--yes'], server.env)).stderr).toBe(
      'upshot: Nothing is known by order_1\n',
    );
  });
});
