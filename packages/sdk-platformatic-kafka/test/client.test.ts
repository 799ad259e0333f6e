import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { Upshot } from '@upshot/sdk';
import { attemptOf, handling, instrumentConsumer, instrumentProducer } from '@upshot/sdk-platformatic-kafka';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('a client of @platformatic/kafka', 'kafka', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  const closing: { close(): Promise<void> }[] = [];
  let topic: string;
  let count = 0;

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  beforeEach(async () => {
    topic = `orders${++count}`;
    const admin = new Admin({ clientId: 'a', bootstrapBrokers: [broker().url] });
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    await admin.close();
    exporter.reset();
  });
  afterEach(async () => {
    for (const client of closing.splice(0)) await client.close().catch(() => undefined);
  });
  afterAll(() => {
    context.disable();
  });

  function texts() {
    const options = { clientId: 'p', bootstrapBrokers: [broker().url], serializers: stringSerializers };
    const producer = instrumentProducer(new Producer(options), { upshot });
    closing.push(producer);
    return producer;
  }

  async function stream() {
    const options = {
      groupId: `g${count}`,
      clientId: 'c',
      bootstrapBrokers: [broker().url],
      maxWaitTime: 50,
    };
    const consumer = new Consumer({ ...options, deserializers: stringDeserializers });
    instrumentConsumer(consumer, { upshot, step: { [topic]: 'do-it' } });
    closing.push({ close: async () => void (await consumer.close(true)) });
    return consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
  }

  const outcomes = () =>
    exporter
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.CONSUMER)
      .map(({ name, attributes, status }) => [name, attributes['upshot.outcome'], status.message ?? null]);

  it('carries identity in headers, and leaves messages of the caller alone', async () => {
    const headers = new Map([['own', '1']]);
    const message = Object.freeze({ topic, key: 'k', value: 'x', headers });
    await texts().send({ messages: [message, { ...message, value: 'y' }] });
    expect([...headers.keys()]).toEqual(['own']);
    const received = [];
    for await (const one of await stream()) if (received.push(one) === 2) break;
    const [first, second] = received;
    expect(first!.headers.get('own')).toBe('1');
    expect(first!.headers.get('ce_type')).toBe(topic);
    expect(first!.headers.get('upshot-event-id')).toBe(attemptOf(first!)!.eventId);
    expect(attemptOf(second!)!.eventId).not.toBe(attemptOf(first!)!.eventId);
    expect(attemptOf(first!)).toMatchObject({ consumer: `g${count}`, eventName: topic, number: null });
    const sent = exporter.getFinishedSpans().map(({ attributes }) => attributes['kafka.offset']);
    expect(sent).toEqual([0, 1]);
  });

  it('writes bytes where the producer has no serializers, and serves callbacks', async () => {
    const producer = instrumentProducer(new Producer({ clientId: 'b', bootstrapBrokers: [broker().url] }), {
      upshot,
    });
    closing.push(producer);
    const own = new Map([[Buffer.from('traceparent'), Buffer.from('of before')]]);
    const messages = [{ topic, value: Buffer.from('x'), headers: own }];
    const inside = await new Promise((resolve, reject) => {
      producer.send({ messages }, (error) => (error ? reject(error) : resolve(upshot.current().eventId)));
    });
    expect(inside).toBeNull();
    for await (const message of await stream()) {
      expect(message.headers.get('traceparent')).toMatch(/^00-/);
      expect(message.headers.get('upshot-event-id')).toBe(attemptOf(message)!.eventId);
      break;
    }
  });

  it('fails with the error of a send', async () => {
    const producer = texts();
    await expect(producer.send({ messages: [{ topic: 'not there', value: 'x' }] })).rejects.toThrow();
    expect(exporter.getFinishedSpans()[0]!.status.message).toBeTruthy();
    await expect(producer.send({ messages: 'none' } as never)).rejects.toThrow();
  });

  it('makes each call of a handler an attempt, in the context of its message', async () => {
    await texts().send({ messages: [{ topic, value: 'x' }] });
    let calls = 0;
    const handle = handling(async (message: { value: string }) => {
      await Promise.resolve();
      if (++calls === 1) throw new Error('the bank says 503');
      return [message.value, upshot.current().eventId];
    });
    for await (const message of await stream()) {
      await expect(handle(message)).rejects.toThrow('503');
      expect(await handle(message)).toEqual(['x', attemptOf(message)!.eventId]);
      await message.commit();
      break;
    }
    expect(outcomes()).toEqual([
      ['do-it', 'failed', 'the bank says 503'],
      ['do-it', 'succeeded', null],
    ]);
  });

  it('is settled by its commit where no handler was wrapped', async () => {
    await texts().send({ messages: [{ topic, value: 'x' }] });
    for await (const message of await stream()) {
      await message.commit();
      break;
    }
    expect(outcomes()).toEqual([['do-it', 'succeeded', null]]);
  });

  it('runs listeners of `data` as attempts, once even where they are wrapped', async () => {
    const producer = texts();
    const ids: (string | null)[] = [];
    const messages = await stream();
    const wrapped = handling(async (_: object) => {
      await Promise.resolve();
      ids.push(upshot.current().eventId);
    });
    messages.on('data', wrapped);
    await producer.send({ messages: [{ topic, value: 'x' }] });
    await vi.waitFor(() => expect(outcomes()).toEqual([['do-it', 'succeeded', null]]), 10_000);
    expect(ids[0]).toBe(exporter.getFinishedSpans()[0]!.attributes['upshot.event_id']);
  });

  it('does nothing to what it does not know', () => {
    const producer = texts();
    expect(instrumentProducer(producer)).toBe(producer);
    expect(attemptOf({})).toBeNull();
    expect(handling((text: string) => text.length)('abc')).toBe(3);
  });
});
