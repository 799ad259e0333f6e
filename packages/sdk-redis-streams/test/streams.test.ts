import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';
import { attemptOf, handle, instrumentStreams } from '@upshot/sdk-redis-streams';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

type Entry = [id: string, fields: string[]];

describeBroker('streams of Redis', 'redis', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  const error = new RangeError('too much');
  let redis: Redis;
  let stream: string;
  let count = 0;

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  beforeEach(async () => {
    stream = `orders${++count}`;
    redis = instrumentStreams(new Redis(broker().url), {
      upshot,
      step: { billing: 'authorize-payment' },
      attempts: 3,
    });
    await redis.xgroup('CREATE', stream, 'billing', '0', 'MKSTREAM');
    exporter.reset();
  });
  afterEach(() => redis.disconnect());
  afterAll(() => context.disable());

  const of = (kind: SpanKind): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => span.kind === kind);
  const tries = () =>
    of(SpanKind.CONSUMER).map(({ attributes, status }) => [
      attributes['upshot.attempt'] ?? null,
      attributes['upshot.outcome'],
      attributes['upshot.disposition'] ?? null,
      status.message ?? null,
    ]);
  const add = (...fields: string[]) =>
    redis.xadd(stream, 'NOMKSTREAM', 'MAXLEN', '~', 100, 'LIMIT', 10, '*', ...fields);
  async function read(id = '>'): Promise<Entry[]> {
    const found = await redis.xreadgroup('GROUP', 'billing', 'me', 'COUNT', 10, 'STREAMS', stream, id);
    return ((found as [string, Entry[]][] | null)?.[0]?.[1] ?? []) as Entry[];
  }
  const claim = async () => (await redis.xautoclaim(stream, 'billing', 'me', 0, '0'))[1] as Entry[];
  const fields = ([, list]: Entry): Record<string, string> =>
    Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]!]] : [])));

  it('carries context in a few fields, and the fields of the caller as they are', async () => {
    const id = await upshot.workflow('order_441', () =>
      add('order', '441', 'upshot-event-name', 'order.placed'),
    );
    const [entry] = await read();
    expect(Object.keys(fields(entry!)).sort()).toEqual([
      'order',
      'traceparent',
      'upshot',
      'upshot-event-name',
    ]);
    expect(entry![0]).toBe(id);
    const attempt = attemptOf(entry!)!;
    expect(attempt).toMatchObject({
      eventName: 'order.placed',
      correlationId: 'order_441',
      consumer: 'billing',
      number: 1,
    });
    await redis.xack(stream, 'billing', id!);
    const [sent] = of(SpanKind.PRODUCER);
    const [process] = of(SpanKind.CONSUMER);
    expect(sent!.attributes).toMatchObject({
      'messaging.message.id': id,
      'upshot.event_id': attempt.eventId,
    });
    expect(process).toMatchObject({
      name: 'authorize-payment',
      parentSpanContext: { spanId: sent!.spanContext().spanId },
    });
  });

  it('counts by what is pending: own reads again, claims, until it is given up', async () => {
    await add('a', '1');
    for (const take of [read, () => read('0'), claim, claim]) {
      const [entry] = await take();
      await expect(handle(entry!, () => Promise.reject(error))).rejects.toBe(error);
    }
    expect(tries()).toEqual([
      [1, 'failed', 'retry', 'too much'],
      [2, 'failed', 'retry', 'too much'],
      [3, 'failed', 'dead-letter', 'too much'],
      [4, 'failed', 'dead-letter', 'too much'],
    ]);
  });

  it('has failed what is claimed before it is acknowledged, or when its connection ends', async () => {
    await add('a', '1');
    attemptOf((await read())[0]!);
    attemptOf((await claim())[0]!);
    expect(tries()).toEqual([[1, 'failed', 'retry', 'it was delivered again before it was acknowledged']]);
    redis.disconnect();
    await expect.poll(tries).toMatchObject([{}, [2, 'failed', 'retry', /connection closed/]]);
  });

  it('keeps entries apart that were read together, and begins each when it is handled', async () => {
    await add('n', '1');
    await add('n', '2');
    const entries = await read();
    const ids = of(SpanKind.PRODUCER).map(({ attributes }) => attributes['upshot.event_id']);
    const causes = [];
    for (const entry of [...entries].reverse())
      causes.push(await handle(entry, () => upshot.publish({ event: 'payment.authorized' }).causationId));
    expect(causes).toEqual([...ids].reverse());
    await redis.xack(stream, 'billing', ...entries.map(([id]) => id));
    expect(tries()).toEqual([
      [1, 'succeeded', null, null],
      [1, 'succeeded', null, null],
    ]);
  });

  it('ends an attempt with its handler where nothing is acknowledged', async () => {
    await add('n', '1');
    const found = await redis.xreadgroup('GROUP', 'billing', 'me', 'NOACK', 'STREAMS', stream, '>');
    const [, [entry]] = (found as [string, Entry[]][])[0]! as [string, [Entry]];
    await handle(entry, () => 7);
    expect(tries()).toEqual([[1, 'succeeded', null, null]]);
  });

  it('takes what others wrote, and what was deleted', async () => {
    const plain = new Redis(broker().url);
    const gone = await plain.xadd(stream, '*', 'n', '1');
    await plain.xadd(stream, '*', 'n', '2', 'traceparent', 'no context');
    const [first, second] = await read();
    expect(attemptOf(second!)).toMatchObject({ eventName: stream, correlationId: null, eventId: second![0] });
    await plain.xdel(stream, gone!);
    const [claimed] = await claim();
    expect(claimed![0]).toBe(second![0]);
    expect(attemptOf(first!)).not.toBeNull();
    expect(attemptOf([])).toBeNull();
    expect(await handle([], () => 7)).toBe(7);
    plain.disconnect();
  });

  it('passes errors through, and what it does not understand', async () => {
    await redis.set('text', 'x');
    await expect(redis.xadd('text', '*', 'a', '1')).rejects.toThrow(/WRONGTYPE/);
    expect(of(SpanKind.PRODUCER)[0]!.status.message).toMatch(/WRONGTYPE/);
    exporter.reset();
    await expect(redis.xadd(stream, '*', 'a')).rejects.toThrow(/wrong number/);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(() => instrumentStreams({})).toThrow(/neither ioredis nor redis/);
    expect(instrumentStreams(redis)).toBe(redis);
  });

  it('knows its streams by the names that the client was given, with a prefix or a callback', async () => {
    const prefixed = instrumentStreams(new Redis(broker().url, { keyPrefix: 'shop:' }), { upshot });
    await prefixed.xgroup('CREATE', stream, 'billing', '0', 'MKSTREAM');
    const id = await new Promise<string>((resolve) => {
      void prefixed.xadd(stream, '*', 'n', '1', (_, added) => resolve(added!));
    });
    const found = await prefixed.xreadgroup('GROUP', 'billing', 'me', 'STREAMS', stream, '>');
    const [, [entry]] = (found as [string, Entry[]][])[0]! as [string, [Entry]];
    expect(attemptOf(entry)).toMatchObject({ number: 1, eventName: stream });
    const [, [again]] = (await prefixed.xautoclaim(stream, 'billing', 'me', 0, '0')) as [string, [Entry]];
    expect(attemptOf(again)!.number).toBe(2);
    await new Promise((resolve) => {
      void prefixed.xack(stream, 'billing', id, resolve);
    });
    expect(tries().at(-1)).toEqual([2, 'succeeded', null, null]);
    prefixed.disconnect();
  });

  it('serves node-redis: claims one by one, its names in capitals, NOACK', async () => {
    const client = instrumentStreams(createClient({ url: broker().url }), {
      upshot,
      event: (_, { type }) => String(type),
    });
    await client.connect();
    const id = await client.XADD(stream, '*', Object.freeze({ type: 'order.placed' }));
    const [read] = (await client.xReadGroup('billing', 'me', [{ key: stream, id: '>' }])) as {
      messages: { id: string; message: Record<string, string> }[];
    }[];
    expect(attemptOf(read!.messages[0]!)).toMatchObject({ eventName: 'order.placed', number: 1 });
    const [claimed] = await client.xClaim(stream, 'billing', 'other', 0, id);
    await expect(handle(claimed!, () => Promise.reject(error))).rejects.toBe(error);
    const [again] = await client.XCLAIM(stream, 'billing', 'me', 0, [id]);
    expect(await handle(again!, () => 7)).toBe(7);
    await client.xAck(stream, 'billing', id);
    expect(tries()).toEqual([
      [1, 'failed', 'retry', 'it was delivered again before it was acknowledged'],
      [2, 'failed', 'retry', 'too much'],
      [3, 'succeeded', null, null],
    ]);
    client.destroy();
  });
});
