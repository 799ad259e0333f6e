import { StorageError } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asker } from '../../src/ask/Asker.js';
import { createUiServer } from '../../src/http/createUiServer.js';
import { LiveAnswers } from '../../src/live/LiveAnswers.js';
import { Metrics } from '../../src/metrics/Metrics.js';
import { Mutes } from '../../src/roll-up/Mutes.js';
import { FaultyStore } from '../fixtures/FaultyStore.js';
import { largeTrace } from '../fixtures/largeTrace.js';
import { nanosAt } from '../fixtures/telemetry.js';

const store = new FaultyStore(openMemoryStore());
const asker = new Asker({ store, limits: { timeoutMs: 300 } });
const errors: unknown[] = [];
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  await store.write({ spans: [largeTrace('5'.repeat(32), 3)], records: [] });
  app = createUiServer({
    asker,
    metrics: new Metrics(store),
    conventions: () => null,
    clock: () => nanosAt(60_000),
    host: '127.0.0.1',
    token: null,
    tls: null,
    listBudgetMs: 1000,
    rollUp: {
      caughtUp: async () => undefined,
      asOfAt: (now) => now,
      sampledOneIn: 1,
      rebuild: () => undefined,
    },
    mutes: new Mutes(store),
    reindex: async () => ({ reindexed: 0, left: 0 }),
    forgetting: { forget: async () => null },
    version: '0',
    live: new LiveAnswers({ asker, writes: () => 0 }),
    site: null,
    otlpHttpUrl: '',
    otlpGrpcUrl: '',
    traceLinks: [],
    kept: {
      store: 'a store',
      directory: null,
      retentionNano: null,
      limits: { bodyBytes: 1, inflatedBytes: 1, inFlightBytes: 1 },
    },
    notReady: () => null,
    onError: (error) => errors.push(error),
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  // The thread that answers takes a while to start, on a busy machine longer than a question may last here.
  while ((await fetch(`${url}/api/workflows`)).status !== 200);
});

afterAll(async () => {
  store.fault = null;
  await app.close();
  await asker.close();
});

describe('while the store is away', () => {
  const paths = ['/api/workflows', `/api/workflows/${'5'.repeat(32)}`, '/api/events/e', '/api/spans/a/b'];

  it.each(paths)('%s is 503 with Retry-After, and recovers', async (path) => {
    store.fault = new StorageError('unavailable', 'connect to default:secret@db failed');
    const away = await fetch(url + path);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('1');
    const body = await away.text();
    expect(JSON.parse(body).error.code).toBe('unavailable');
    expect(body).not.toContain('secret');
    expect(errors.pop()).toBe(store.fault);
    store.fault = null;
    expect((await fetch(url + path)).status).toBeLessThan(500);
  });

  it('is 503 with Retry-After where the store is silent', async () => {
    store.fault = 'silence';
    const answer = await fetch(`${url}/api/workflows`);
    store.fault = null;
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ error: { code: 'timeout' } });
  });

  it('still gives its other metrics', async () => {
    store.fault = new StorageError('unavailable', 'away');
    const text = await (await fetch(`${url}/metrics`)).text();
    store.fault = null;
    expect(text).toContain('upshot_http_request_seconds_count');
    expect(text).not.toMatch(/^upshot_store_spans /m);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^upshot_store_spans 3$/m);
  });
});
