import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';
import { attemptOf, instrumentKafka } from '@upshot/sdk-kafkajs';
import { type Consumer, type EachBatchPayload, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('a client of kafkajs', 'kafka', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  let kafka: Kafka;
  let producer: Producer;
  let consumer: Consumer;
  let topic: string;
  let count = 0;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const retry = { initialRetryTime: 50, maxRetryTime: 200, retries: 50 };
    kafka = instrumentKafka(new Kafka({ brokers: [broker().url], logLevel: logLevel.NOTHING, retry }), {
      upshot,
      step: { t1: 'first' },
    });
    producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      transactionalId: 'tx',
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
  }, 60_000);
  beforeEach(async () => {
    topic = `t${++count}`;
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
    consumer = kafka.consumer({ groupId: `group-${topic}`, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    exporter.reset();
  });
  afterEach(() => consumer.disconnect());
  afterAll(async () => {
    await producer?.disconnect();
    context.disable();
  });

  const spans = (kind: SpanKind): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => span.kind === kind);
  const said = (kind: SpanKind, ...names: string[]) =>
    spans(kind).map(({ attributes }) => names.map((name) => attributes[name]));
  const values = (...texts: string[]) => texts.map((value) => ({ value }));

  it('makes each message an event, with its position where the broker tells it', async () => {
    const messages = Object.freeze([
      Object.freeze({ key: 'k', value: 'a' }),
      Object.freeze({ value: 'b', headers: Object.freeze({ own: '1', ce_type: 'order.placed' }) }),
    ]);
    await producer.send({ topic, messages: [...messages] });
    expect(
      said(
        SpanKind.PRODUCER,
        'upshot.event',
        'kafka.message.key',
        'messaging.destination.partition.id',
        'kafka.offset',
      ),
    ).toEqual([
      [topic, 'k', '0', 0],
      ['order.placed', undefined, '0', 1],
    ]);
    const seen: Record<string, unknown>[] = [];
    await consumer.run({
      eachMessage: async ({ message }) => {
        seen.push({ ...message.headers });
        expect(attemptOf(message)).toMatchObject({ consumer: `group-${topic}` });
      },
    });
    await vi.waitFor(() => expect(seen).toHaveLength(2), 20_000);
    expect(String(seen[1]!.own)).toBe('1');
    expect(String(seen[1]!['upshot-event-name'])).toBe('order.placed');
    await vi.waitFor(
      () =>
        expect(
          said(SpanKind.CONSUMER, 'upshot.step', 'kafka.offset', 'messaging.consumer.group.name'),
        ).toEqual([
          ['first', 0, `group-${topic}`],
          ['first', 1, `group-${topic}`],
        ]),
      20_000,
    );
  });

  it('sends in batches and in transactions', async () => {
    await producer.sendBatch({ topicMessages: [{ topic, messages: values('a', 'b') }] });
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: values('c') });
    await transaction.sendBatch({ topicMessages: [{ topic, messages: values('d') }] });
    await transaction.commit();
    expect(spans(SpanKind.PRODUCER)).toHaveLength(4);
    const ids = new Set<string | null>();
    await consumer.run({ eachMessage: async ({ message }) => void ids.add(attemptOf(message)!.eventId) });
    await vi.waitFor(() => expect(ids.size).toBe(4), 20_000);
    expect([...ids].sort()).toEqual(said(SpanKind.PRODUCER, 'upshot.event_id').flat().sort());
  });

  it('settles what a batch had resolved before it failed, and tries the rest again', async () => {
    await producer.send({ topic, messages: values('a', 'b', 'c') });
    let tries = 0;
    await consumer.run({
      eachBatch: async ({ batch, resolveOffset }: EachBatchPayload) => {
        tries++;
        for (const message of batch.messages) {
          if (tries === 1 && message.value!.toString() === 'b') throw new Error('b is bad');
          resolveOffset(message.offset);
        }
      },
    });
    await vi.waitFor(() => expect(spans(SpanKind.CONSUMER)).toHaveLength(5), { timeout: 20_000 });
    expect(said(SpanKind.CONSUMER, 'kafka.offset', 'upshot.outcome', 'upshot.disposition')).toEqual([
      [0, 'succeeded', undefined],
      [1, 'failed', 'retry'],
      [2, 'failed', 'retry'],
      [1, 'succeeded', undefined],
      [2, 'succeeded', undefined],
    ]);
  });

  it('says of an unresolved rest that it comes again', async () => {
    await producer.send({ topic, messages: values('a', 'b') });
    let done = false;
    await consumer.run({
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset }: EachBatchPayload) => {
        if (!done) resolveOffset(batch.messages[0]!.offset);
        else for (const { offset } of batch.messages) resolveOffset(offset);
        done = true;
      },
    });
    await vi.waitFor(() => expect(spans(SpanKind.CONSUMER).length).toBeGreaterThanOrEqual(3), 20_000);
    expect(said(SpanKind.CONSUMER, 'kafka.offset', 'upshot.outcome', 'error.type').slice(0, 2)).toEqual([
      [0, 'succeeded', undefined],
      [1, 'failed', 'NotResolved'],
    ]);
  });

  it('leaves what is no record to the library, and passes its errors on', async () => {
    await expect(producer.send({ topic, messages: null as never })).rejects.toThrow(/messages/i);
    await expect(producer.send({ topic: '', messages: values('a') })).rejects.toThrow(/topic/i);
    expect(spans(SpanKind.PRODUCER).map(({ status }) => status.code)).toEqual([2]);
    await producer.send({ topic, messages: [] });
  });
});

it("finds the group where Confluent's client has it", async () => {
  // Confluent's client can't be installed without a download of its binary: what stands here is the form of its configuration, not its work.
  interface Config {
    eachMessage(payload: object): Promise<void>;
  }
  const message = { offset: '0' };
  const run = (config: Config) => config.eachMessage({ topic: 't', partition: 0, message });
  const consumer = (_config: object) => ({ run });
  const upshot = new Upshot();
  for (const config of [{ kafkaJS: { groupId: 'g' } }, { 'group.id': 'g' }, { groupId: 'g' }]) {
    const kafka = instrumentKafka({ producer: () => ({}) as never, consumer }, { upshot });
    let seen: string | undefined;
    const eachMessage = async () => {
      seen = attemptOf(message)?.consumer;
    };
    await kafka.consumer(config).run({ eachMessage } as Config);
    expect(seen).toBe('g');
  }
});
