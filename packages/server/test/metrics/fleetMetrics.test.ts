import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conventions } from '@upshot/api-contract';
import { figuresOf } from '@upshot/knowledge';
import { StorageError } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bounded } from '../../src/metrics/fleetGauges.js';
import { latest } from '../../src/metrics/latest.js';
import { Metrics } from '../../src/metrics/Metrics.js';
import { FaultyStore } from '../fixtures/FaultyStore.js';
import { order, type SpanSketch } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let directory = '';
let server: TestServer | null = null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'upshot-server-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(directory, { recursive: true, force: true });
});

/** Begun within the last hour, and too long ago to be tried again. */
const RECENT_MS = 1_800_000;

/** Orders of which the last consumer lost the context; every fourth fails. */
function orders(count: number, from = 0): SpanSketch[] {
  return Array.from({ length: count }, (_, at) => {
    const failure = at % 4 === 0 ? 'HTTP 503' : undefined;
    const spans = order(from + at + 1, RECENT_MS + at, failure);
    return spans.map((span, n) => ({
      ...span,
      resource: { 'deployment.environment.name': 'test' },
      ...(n === spans.length - 1 ? { links: [] } : {}),
    }));
  }).flat();
}

/** Scrapes once all that was sent is counted. */
async function scrape(): Promise<string> {
  await server!.get('/api/propagation');
  return (await server!.get('/metrics')).text;
}

describe('figures over many workflows', () => {
  it('count states, hops, what was lost on them, and dead letters', async () => {
    server = await testServer();
    await server.send(orders(40));
    await fetch(`${server.otlpHttpUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(deadLetter()),
    });
    const text = await scrape();
    expect(text).toMatch(/^upshot_workflows\{state="completed"\} 30$/m);
    // Ten orders, and that of the dead letter.
    expect(text).toMatch(/^upshot_workflows\{state="failed"\} 11$/m);
    expect(text).toMatch(/^upshot_workflows\{state="stuck"\} 0$/m);
    expect(text).toMatch(/^upshot_hops\{state="broken"\} 1$/m);
    expect(text).toMatch(
      /^upshot_hop_lost_deliveries\{producer="checkout",event="order.placed",consumer="billing",fault="consumer"\} 40$/m,
    );
    expect(text).toMatch(/^upshot_dead_letters\{consumer="ledger"\} 1$/m);
    expect(text).toMatch(/^upshot_roll_up_ticks_total\{result="done"\} [1-9]/m);
    expect(text).toMatch(/^upshot_roll_up_ticks_total\{result="failed"\} 0$/m);
    expect(text).toMatch(/^upshot_roll_up_tick_seconds_count [1-9]/m);
    expect(text).toMatch(/^upshot_roll_up_sampled_one_in 1$/m);
    const [, lag] = /^upshot_roll_up_lag_seconds (\S+)$/m.exec(text)!;
    expect(Number(lag)).toBeLessThan(60);
  });

  it('leave out what began more than an hour ago', async () => {
    server = await testServer();
    await server.send(orders(3).map((span) => ({ ...span, startMs: span.startMs - 7_200_000 })));
    const text = await scrape();
    expect(text).toMatch(/^upshot_workflows\{state="completed"\} 0$/m);
    expect(text).toMatch(/^upshot_hops\{state="broken"\} 0$/m);
  });

  it('count how often services broke the conventions in force', async () => {
    const conventions = join(directory, 'conventions.yaml');
    writeFileSync(conventions, 'traceConventions:\n  requiredFields: [causationId]\n');
    server = await testServer({ conventions });
    await server.send(orders(5));
    const counts = [...(await scrape()).matchAll(/^upshot_convention_findings\{service="(.+)"\} (\d+)$/gm)];
    const { json } = await server.get<Conventions>('/api/conventions');
    const told = json.services.map(({ service, rules }) => [
      service,
      rules.reduce((sum, { count }) => sum + count, 0),
    ]);
    expect(Object.fromEntries(counts.map(([, service, count]) => [service, Number(count)]))).toEqual(
      Object.fromEntries(told),
    );
    expect(Math.max(...counts.map(([, , count]) => Number(count)))).toBe(5);
  });

  it('say that nothing waits where nothing came for long, whenever one asks', async () => {
    // An hour passes between sending and asking.
    let ahead = 0n;
    server = await testServer({ clock: () => BigInt(Date.now()) * 1_000_000n + ahead });
    await server.send(orders(1));
    await scrape();
    ahead = 3_600_000_000_000n;
    const lags: number[] = [];
    for (const end = performance.now() + 6_000; performance.now() < end; ) {
      // Some of these fall into a step.
      const text = (await server.get('/metrics')).text;
      lags.push(Number(/^upshot_roll_up_lag_seconds (\S+)$/m.exec(text)![1]));
    }
    expect(Math.max(...lags.slice(lags.length / 2))).toBeLessThan(600);
  });

  it('are asked for once in some seconds, however often one scrapes', async () => {
    server = await testServer();
    await server.send(orders(4));
    const first = await scrape();
    await server.send(orders(4, 4));
    const second = await scrape();
    const states = (text: string) => text.match(/^upshot_workflows\{.*$/gm);
    expect(states(second)).toEqual(states(first));
  });
});

function deadLetter(): unknown[] {
  const event = {
    eventId: 'evt_dead',
    eventName: 'order.booked',
    correlationId: 'order_dead',
    producer: 'shop',
  };
  const consumed = { ...event, consumerName: 'ledger' };
  return [
    event,
    { ...consumed, spanId: 's1', phase: 'failed', error: { type: 'E', message: 'HTTP 503' } },
    { ...consumed, spanId: 's2', phase: 'dead-lettered' },
  ];
}

describe('a scrape', () => {
  it.each([new StorageError('unavailable', 'away'), 'silence'] as const)(
    'is answered soon while the store is away (%s)',
    async (fault) => {
      const store = new FaultyStore(openMemoryStore());
      store.fault = fault;
      const metrics = new Metrics(store);
      metrics.watchFleet(async () =>
        figuresOf(await store.tallies({ kinds: ['workflow'] }), { every: 1, rules: '' }),
      );
      const began = performance.now();
      const { text } = await metrics.text();
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(text).not.toMatch(/^upshot_(store_spans|workflows)[ {]/m);
      expect(text).toContain('process_resident_memory_bytes');
      store.fault = null;
      const back = (await metrics.text()).text;
      expect(back).toMatch(/^upshot_store_spans 0$/m);
      expect(back).toMatch(/^upshot_workflows\{state="failed"\} 0$/m);
    },
  );
});

describe('bounded', () => {
  it('keeps 200 series and sums the rest', () => {
    const samples = Array.from({ length: 1_000 }, (_, n) => [{ consumer: `c${n}` }, 1] as const);
    const kept = bounded(samples);
    expect(kept).toHaveLength(201);
    expect(kept.at(-1)).toEqual([{ consumer: 'other' }, 800]);
  });

  it('lets no control character through, nor half a character', () => {
    const text = 'a\u0000\n\u001b[2J\u202eb';
    expect(bounded([[{ consumer: text }, 1]])).toEqual([[{ consumer: 'a\\u0000\\n\\u001b[2J\\u202eb' }, 1]]);
    const [[labels]] = bounded([[{ consumer: `${'x'.repeat(199)}😀` }, 1]]) as [
      [{ consumer: string }, number],
    ];
    expect(labels.consumer).toBe(`${'x'.repeat(199)}\\ud83d`);
  });

  it('cuts long labels, and sums those that are equal then', () => {
    const long = 'x'.repeat(100_000);
    const [[labels, value], ...more] = bounded([
      [{ consumer: `${long}a` }, 2],
      [{ consumer: `${long}b` }, 3],
    ]) as [[Record<string, string>, number]];
    expect([labels!.consumer!.length, value, more.length]).toEqual([200, 5, 0]);
  });
});

describe('latest', () => {
  const patience = { freshMs: 0, staleMs: 10_000, patienceMs: 50 };

  it('gives the answer before, for a while, where a new one does not come', async () => {
    let ask = (): Promise<string> => Promise.resolve('first');
    const get = latest(() => ask(), patience);
    expect(await get()).toBe('first');
    ask = () => Promise.reject(new Error('away'));
    expect(await get()).toBe('first');
    ask = () => new Promise(() => {});
    expect(await get()).toBe('first');
    ask = () => Promise.resolve('second');
    expect(await get()).toBe('second');
  });

  it('gives up an old answer, and asks once for all who wait', async () => {
    let asked = 0;
    let fails = false;
    const get = latest(
      async () => {
        asked++;
        if (fails) throw new Error('away');
        return asked;
      },
      { ...patience, staleMs: 0 },
    );
    expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
    fails = true;
    expect(await get()).toBeNull();
    expect(asked).toBe(2);
  });
});
