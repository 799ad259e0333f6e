import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { freePort } from '@upshot/brokers';
import type { WorkflowGraph } from '@upshot/model';
import { upshot } from '@upshot/sdk';
import { type RunningUpshot, type StartOptions, startUpshot } from '@upshot/sdk-node';
import { startServer } from '@upshot/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type Server = Awaited<ReturnType<typeof startServer>>;

const toClose: (() => Promise<unknown>)[] = [];
let port: number;
beforeEach(async () => {
  port = await freePort();
});
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
  trace.disable();
  context.disable();
  propagation.disable();
  upshot.configure({});
});

async function serve(options: object = {}): Promise<Server> {
  const server = await startServer({
    store: { kind: 'memory' },
    port: 0,
    otlpHttpPort: port,
    otlpGrpcPort: 0,
    ...options,
  });
  toClose.push(() => server.close());
  return server;
}

async function start(options: StartOptions = {}): Promise<{ running: RunningUpshot; lines: string[] }> {
  const lines: string[] = [];
  const endpoint = `http://127.0.0.1:${port}`;
  const running = await startUpshot({
    service: 'shop',
    endpoint,
    register: false,
    warn: (line) => lines.push(line),
    ...options,
  });
  toClose.push(() => running.shutdown(100));
  return { running, lines };
}

async function graphOf(server: Server, key: string, headers = {}): Promise<WorkflowGraph | null> {
  const answer = await fetch(`${server.uiUrl}/api/workflows/${key}`, { headers });
  const body: unknown = await answer.json();
  return answer.ok ? (body as WorkflowGraph) : null;
}

describe('while Upshot is away', () => {
  it('spans wait for it', async () => {
    const { running, lines } = await start();
    running.workflow('order_1', () => running.publish({ event: 'order.placed' }));
    await running.flush(300);
    expect(running.pending).toBe(2);
    const server = await serve();
    await vi.waitFor(async () => expect((await graphOf(server, 'order_1'))?.events).toHaveLength(1), {
      timeout: 20_000,
      interval: 200,
    });
    await vi.waitFor(() => expect(running.pending).toBe(0), 20_000);
    expect(running.losses).toEqual({ spans: 0, records: 0 });
    expect(lines).toEqual([]);
  });

  it('no more of them than the queue holds, and the rest is counted and told', async () => {
    const { running, lines } = await start({ mostQueuedSpans: 10 });
    for (let at = 0; at < 35; at++) running.publish({ event: 'order.placed' });
    expect(running.pending).toBe(10);
    expect(running.losses.spans).toBe(25);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('spans lost');
    await running.shutdown(200);
    expect(running.losses.spans).toBe(35);
    running.publish({ event: 'too.late' });
    expect(running.losses.spans).toBe(36);
  });
});

it('what Upshot refuses for good is counted, and what a token would mend waits', async () => {
  const server = await serve({ token: 'secret-token-of-tests' });
  const { running: stranger } = await start();
  stranger.publish({ event: 'order.placed' });
  await stranger.flush(500);
  expect(stranger.pending).toBe(1);
  const { running } = await start({ token: 'secret-token-of-tests' });
  running.workflow('order_2', () => running.publish({ event: 'order.placed' }));
  await running.flush();
  expect(await graphOf(server, 'order_2', { authorization: 'Bearer secret-token-of-tests' })).not.toBeNull();
});

it('a batch that is too large goes in parts, and what no part can carry is lost alone, and counted', async () => {
  const server = await serve({ receiverLimits: { bodyBytes: 100_000 } });
  const { running } = await start();
  const attributes = { note: 'x'.repeat(30_000) };
  running.workflow('order_12', () => {
    for (let at = 0; at < 9; at++) running.publish({ event: 'order.noted', attributes });
    running.publish({ event: 'order.placed', attributes: { note: 'x'.repeat(200_000) } });
  });
  await running.flush();
  expect(running.losses).toEqual({ spans: 1, records: 0 });
  expect((await graphOf(server, 'order_12'))?.events).toHaveLength(9);
});

it('a clock that is put back prolongs no flush', async () => {
  const silent = createServer(() => undefined).listen(port, '127.0.0.1');
  toClose.push(async () => {
    silent.closeAllConnections();
    silent.close();
  });
  const { running } = await start();
  running.publish({ event: 'order.placed' });
  const started = performance.now();
  const flushed = running.flush(200);
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
  await flushed;
  clock.mockRestore();
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(running.pending).toBe(1);
});

it('a record that no JSON can say is counted, and the others go', async () => {
  await serve();
  const { running } = await start();
  const record = { eventId: 'e', eventName: 'n', phase: 'dead-lettered', consumerName: 'c' } as const;
  running.record({ ...record, startTimeUnixNano: 1n as never });
  running.record({ ...record, startTimeUnixNano: `${Date.now()}000000` });
  await running.flush();
  expect(running.losses).toEqual({ spans: 0, records: 1 });
  expect(running.pending).toBe(0);
});

it('the process-wide SDK is ready, with environment and version', async () => {
  const server = await serve();
  const { running } = await start({ register: undefined, environment: 'staging', serviceVersion: '1.2.3' });
  upshot.workflow('order_3', () => upshot.publish({ event: 'order.placed' }));
  await running.flush();
  const graph = await graphOf(server, 'order_3');
  expect(graph?.events[0]).toMatchObject({ producer: 'shop', environment: 'staging' });
});

it("somebody else's OpenTelemetry stays", async () => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  const { lines } = await start({ register: undefined });
  expect(lines.join()).toContain('registered already');
  upshot.publish({ event: 'order.placed' });
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});

it('a wrong conventions file fails the start, and a right one is held', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upshot-sdk-node-'));
  toClose.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'conventions.yaml');
  await writeFile(file, 'traceConventions:\n  requiredFields: [evntId]\n');
  await expect(start({ conventions: file })).rejects.toThrow(/conventions\.yaml:2:\d+.*eventId/);
  await writeFile(file, 'traceConventions:\n  requiredFields: [correlationId]\n');
  const { running, lines } = await start({ conventions: file });
  running.publish({ event: 'order.placed' });
  expect(lines.join()).toContain('without correlationId');
  await expect(start({ endpoint: 'nowhere' })).rejects.toThrow(/is no URL/);
  await expect(start({ endpoint: 'localhost:4318' })).rejects.toThrow('write http://localhost:4318');
});

describe('a process that ends', () => {
  const script = fileURLToPath(new URL('ending.mjs', import.meta.url));
  function run(key: string, ending: string) {
    const child = spawn(process.execPath, [script, `http://127.0.0.1:${port}`, key, ending], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    return { child, exit, ready: () => once(child.stdout, 'data'), errors: () => errors };
  }

  it('by itself has sent all', async () => {
    const server = await serve();
    expect(await run('order_4', 'by itself').exit).toEqual([0, null]);
    expect(await graphOf(server, 'order_4')).not.toBeNull();
  });

  it('and was set up by --import alone has sent all', async () => {
    const server = await serve();
    const app = fileURLToPath(new URL('registered.mjs', import.meta.url));
    const env = {
      ...process.env,
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    };
    const child = spawn(process.execPath, ['--import', '@upshot/sdk-node/register', app], {
      env,
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await graphOf(server, 'order_registered'))?.events).toMatchObject([{ producer: 'shop' }]);
  });

  it('by a signal has sent all, and ended by it', async () => {
    const server = await serve();
    const { child, ready, exit } = run('order_5', 'wait');
    await ready();
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
    expect(await graphOf(server, 'order_5')).not.toBeNull();
  });

  it('by a signal, set up twice, has sent all of both, and ended by it', async () => {
    const server = await serve();
    const { child, ready, exit } = run('order_10', 'twice');
    await ready();
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
    const graph = await graphOf(server, 'order_10');
    expect(graph?.events.map(({ eventName }) => eventName).sort()).toEqual(['order.noted', 'order.placed']);
  });

  it('by a signal while Upshot takes and never answers ends all the same', async () => {
    const silent = createServer(() => undefined).listen(port, '127.0.0.1');
    toClose.push(async () => {
      silent.closeAllConnections();
      silent.close();
    });
    const { child, ready, exit } = run('order_11', 'wait');
    await ready();
    const started = performance.now();
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('by a signal that it handles itself ends as it decides', async () => {
    const server = await serve();
    const { child, ready, exit } = run('order_6', 'handled');
    await ready();
    child.kill('SIGTERM');
    expect(await exit).toEqual([5, null]);
    expect(await graphOf(server, 'order_6')).not.toBeNull();
  });

  it('by a signal while Upshot is away ends all the same', async () => {
    const { child, ready, exit } = run('order_7', 'wait');
    await ready();
    const started = Date.now();
    child.kill('SIGINT');
    expect(await exit).toEqual([null, 'SIGINT']);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('by process.exit says what it cut off', async () => {
    const { exit, errors } = run('order_8', 'exit');
    expect(await exit).toEqual([3, null]);
    expect(errors()).toContain('not sent: await shutdown()');
  });

  it('by a crash in the middle of a handler shows that it was at work', async () => {
    const server = await serve();
    const { child, ready, exit } = run('order_9', 'busy');
    await ready();
    child.kill('SIGKILL');
    await exit;
    const graph = await graphOf(server, 'order_9');
    expect(graph?.attempts).toMatchObject([{ step: 'send-mail', outcome: 'running' }]);
    expect(graph?.deliveries).toMatchObject([{ consumer: 'mail', status: 'processing' }]);
  });
});
