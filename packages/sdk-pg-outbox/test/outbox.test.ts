import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';
import { Outbox, type OutboxRow, relayRow, writeRow } from '@upshot/sdk-pg-outbox';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

const exporter = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const upshot = new Upshot({ service: 'shop', tracerProvider });
const outbox = new Outbox({ table: 'public.outbox', upshot });

function spans(kind: SpanKind): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => span.kind === kind);
}

function tries(): unknown[][] {
  return spans(SpanKind.CONSUMER).map(({ attributes, status }) => [
    attributes['upshot.attempt'] ?? null,
    attributes['upshot.outcome'],
    attributes['upshot.disposition'] ?? null,
    status.message ?? null,
  ]);
}

describeBroker('an outbox in PostgreSQL', 'postgres', (broker) => {
  let pool: pg.Pool;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    pool = new pg.Pool({ connectionString: broker().url, max: 6 });
    // The server may go before the last connection has said goodbye.
    pool.on('error', () => {});
    await pool.query(outbox.schema);
    await pool.query(outbox.schema);
  });
  beforeEach(async () => {
    await pool.query('TRUNCATE outbox');
    exporter.reset();
  });
  afterAll(async () => {
    await pool?.end();
    context.disable();
  });

  const add = (details: object = {}) =>
    outbox.add(pool, { event: 'order.placed', payload: { order: 441 }, ...details });
  const states = async () =>
    (await pool.query('SELECT event, state, attempts, error FROM outbox ORDER BY position')).rows;
  /** As if so much time had passed. */
  const later = (interval: string) =>
    pool.query('UPDATE outbox SET next_at = next_at - $1::interval', [interval]);

  it('lets what is sent hours later follow from the action that wrote the row', async () => {
    const headers = { 'upshot-event-id': 'evt_0', 'upshot-correlation-id': 'order_441' };
    const id = await upshot.process({ headers, consumer: 'shop' }, () => add());
    const [written] = spans(SpanKind.PRODUCER);
    exporter.reset();
    const sent: OutboxRow[] = [];
    const relay = outbox.relay(pool, {
      send: (row) => {
        sent.push(row);
        // As any adapter does, with nothing but a topic.
        upshot.publish({ destination: 'orders', placeName: 'orders', transport: { system: 'kafka' } });
      },
    });
    expect(await relay.runOnce()).toBe(1);
    expect(await relay.runOnce()).toBe(0);
    expect(sent).toMatchObject([{ eventId: id, event: 'order.placed', payload: { order: 441 }, attempt: 1 }]);
    const [attempt] = spans(SpanKind.CONSUMER);
    expect(attempt!.parentSpanContext).toMatchObject({
      traceId: written!.spanContext().traceId,
      spanId: written!.spanContext().spanId,
    });
    const [onward] = spans(SpanKind.PRODUCER);
    expect(onward!.parentSpanContext!.spanId).toBe(attempt!.spanContext().spanId);
    expect(onward!.attributes).toMatchObject({
      'upshot.event_id': id,
      'upshot.event': 'order.placed',
      'upshot.correlation_id': 'order_441',
      'upshot.causation_id': 'evt_0',
    });
    expect(await states(), 'what is sent is removed').toEqual([]);
    expect(exporter.getFinishedSpans(), 'looking for rows is no work').toHaveLength(2);
  });

  it('counts tries, waits, gives up, and replays as the same event', async () => {
    const id = await add();
    let fails = true;
    const relay = outbox.relay(pool, {
      attempts: 2,
      keep: true,
      send: () => {
        if (fails) throw new TypeError('the broker is away\0');
      },
    });
    await relay.runOnce();
    expect(await relay.runOnce(), 'it waits for a second').toBe(0);
    await later('1 second');
    await relay.runOnce();
    expect(await states()).toMatchObject([{ state: 'dead', attempts: 2, error: 'the broker is away' }]);
    expect(tries()).toEqual([
      [1, 'failed', 'retry', 'the broker is away\0'],
      [2, 'failed', 'dead-letter', 'the broker is away\0'],
    ]);
    expect(await relay.runOnce()).toBe(0);

    fails = false;
    exporter.reset();
    const dead: OutboxRow[] = [];
    const reader = outbox.relay(pool, {
      rows: 'dead',
      send: async (row) => {
        dead.push(row);
        expect(await outbox.replay(pool, row)).toBe(true);
        expect(await outbox.replay(pool, row), 'it waits already').toBe(false);
      },
    });
    expect(await reader.runOnce()).toBe(1);
    expect(dead).toMatchObject([{ eventId: id, error: 'the broker is away' }]);
    expect(await relay.runOnce()).toBe(1);
    expect(await states()).toMatchObject([{ state: 'done', attempts: 1, error: null }]);
    expect(tries().at(-1)).toEqual([1, 'succeeded', null, null]);
    const ids = exporter.getFinishedSpans().map(({ attributes }) => attributes['upshot.event_id']);
    expect(new Set(ids)).toEqual(new Set([id]));
  });

  it('publishes with the transaction, or not at all', async () => {
    const error = new Error('no such customer');
    await expect(
      outbox.transaction(pool, async (client) => {
        await outbox.add(client, { event: 'order.placed', payload: null });
        expect(spans(SpanKind.PRODUCER), 'nothing is committed yet').toEqual([]);
        throw error;
      }),
    ).rejects.toBe(error);
    expect(await states()).toEqual([]);
    expect(spans(SpanKind.PRODUCER)[0]!.status.message).toBe('no such customer');
    exporter.reset();
    await outbox.transaction(pool, (client) => outbox.add(client, { event: 'order.placed', payload: 1 }));
    expect(spans(SpanKind.PRODUCER)[0]!.attributes['error.type']).toBeUndefined();
    expect(await states()).toHaveLength(1);
  });

  it('hands the rows of one key over in order, past those of others', async () => {
    for (const [event, key] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['c1', undefined],
    ])
      await add({ event, key });
    const seen: string[] = [];
    const relay = outbox.relay(pool, {
      send: ({ event, attempt }) => {
        seen.push(event);
        if (event === 'a1' && attempt === 1) throw new Error('not yet');
      },
    });
    await relay.runOnce();
    expect(await relay.runOnce()).toBe(0);
    await later('1 second');
    while ((await relay.runOnce()) > 0);
    expect(seen).toEqual(['a1', 'b1', 'c1', 'a1', 'a2']);
  });

  it('takes a row again whose relay has gone, and counts that try', async () => {
    await add();
    let release = () => {};
    const stuck = outbox.relay(pool, {
      leaseMs: 60_000,
      send: () => new Promise<void>((resolve) => (release = resolve)),
    });
    const running = stuck.runOnce();
    await expect.poll(states).toMatchObject([{ attempts: 1 }]);
    const other = outbox.relay(pool, { attempts: 2, send: () => Promise.reject(new Error('mine')) });
    expect(await other.runOnce(), 'the lease holds').toBe(0);
    await later('2 minutes');
    expect(await other.runOnce()).toBe(1);
    release();
    await running;
    // The first one comes too late to settle what another has taken.
    expect(await states()).toMatchObject([{ state: 'dead', attempts: 2, error: 'mine' }]);
  });

  it('prolongs what it still works on, and not what it has settled', async () => {
    await add({ event: 'failing' });
    await add({ event: 'slow' });
    const relay = outbox.relay(pool, {
      leaseMs: 300,
      backOffMs: () => 20,
      send: async ({ event }) => {
        if (event === 'failing') throw new Error('no');
        await new Promise((resolve) => setTimeout(resolve, 900));
      },
    });
    const running = relay.runOnce();
    await expect.poll(states).toMatchObject([{ error: 'no' }, {}]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const seen: string[] = [];
    const other = outbox.relay(pool, { send: ({ event }) => seen.push(event) });
    await other.runOnce();
    expect(seen).toEqual(['failing']);
    await running;
    expect(await states()).toEqual([]);
  });

  it('is shared by relays, each row going to one', async () => {
    for (let at = 0; at < 200; at++) await add({ event: `e${at}` });
    const seen: string[] = [];
    const relays = [1, 2, 3].map(() =>
      outbox.relay(pool, { size: 7, everyMs: 10, send: ({ event }) => seen.push(event) }).start(),
    );
    await expect.poll(() => seen.length).toBe(200);
    await Promise.all(relays.map((relay) => relay.stop()));
    expect(new Set(seen).size).toBe(200);
  });

  it('of a batch lets each row be settled for itself', async () => {
    for (const event of ['good', 'bad', 'seen']) await add({ event });
    const relay = outbox.relay(pool, {
      sendBatch: (rows, attempts) => {
        attempts[rows.findIndex(({ event }) => event === 'bad')]!.fail(new Error('poison'), 'retry');
        attempts[rows.findIndex(({ event }) => event === 'seen')]!.skip('a duplicate');
      },
    });
    expect(await relay.runOnce()).toBe(3);
    expect(await states()).toMatchObject([{ event: 'bad', state: 'waiting' }]);
    expect(tries().map(([, outcome]) => outcome)).toEqual(['failed', 'skipped', 'succeeded']);
  });

  it('goes on where the database or an option fails', async () => {
    const told: unknown[] = [];
    const broken = { query: () => Promise.reject(new Error('terminating connection')) };
    const relay = outbox
      .relay(broken, { everyMs: 5, send: () => {}, onError: (error) => told.push(error) })
      .start();
    await expect.poll(() => told.length).toBeGreaterThan(2);
    await relay.stop();
    await add();
    const thrower = () => {
      throw new Error('of the user');
    };
    const options = { step: thrower, backOffMs: thrower, onError: thrower };
    await outbox.relay(pool, { ...options, send: () => Promise.reject(new Error('no')) }).runOnce();
    expect(await states()).toMatchObject([{ state: 'waiting', error: 'no' }]);
  });

  it('serves tables of the application, by a line each', async () => {
    const own = await pool.connect();
    try {
      await own.query('CREATE TEMP TABLE IF NOT EXISTS mine (id text, headers jsonb)');
      await writeRow({ event: 'order.placed', table: 'mine', upshot }, ({ eventId, headers }) =>
        own.query('INSERT INTO mine VALUES ($1, $2)', [eventId, headers]),
      );
      const { rows } = await own.query('SELECT id, headers FROM mine');
      const [{ id, headers }] = rows;
      const relay = { table: 'mine', headers, eventId: id, attempt: 2, attempts: 2, upshot };
      const error = new Error('away');
      await expect(relayRow(relay, () => Promise.reject(error))).rejects.toBe(error);
      expect(relayRow(relay, ({ eventName }) => eventName)).toBe('order.placed');
      expect(tries()).toEqual([
        [2, 'failed', 'dead-letter', 'away'],
        [2, 'succeeded', null, null],
      ]);
    } finally {
      own.release();
    }
  });
});

describe('the table of an outbox', () => {
  it.each(['', 'a"b', 'a; DROP TABLE b', 'a.b.c', 'x'.repeat(57)])('is not called %j', (table) => {
    expect(() => new Outbox({ table })).toThrow(/is no name of a table/);
  });
});
