import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type Attempt, Upshot } from '@upshot/sdk';
import { attemptOf, instrumentChannel } from '@upshot/sdk-amqplib';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('a channel of amqplib', 'rabbitmq', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  let connection: ChannelModel;
  let channel: Channel;
  let queue: string;
  let count = 0;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    connection = await connect(broker().url);
  });
  beforeEach(async () => {
    channel = instrumentChannel(await connection.createChannel(), { upshot, step: 'do-it' });
    queue = `q${++count}.x`;
    await channel.assertQueue(queue);
    exporter.reset();
  });
  afterEach(() => channel.close().catch(() => undefined));
  afterAll(async () => {
    await connection?.close();
    context.disable();
  });

  const outcomes = () =>
    exporter
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.CONSUMER)
      .map(({ attributes }) => [attributes['upshot.outcome'], attributes['upshot.disposition'] ?? null]);

  async function receive(messages: number, options = {}): Promise<ConsumeMessage[]> {
    const received: ConsumeMessage[] = [];
    for (let at = 0; at < messages; at++)
      channel.sendToQueue(queue, Buffer.from(String(at)), { type: 'order.placed' });
    await channel.consume(queue, (message) => void received.push(message!), options);
    await vi.waitFor(() => expect(received).toHaveLength(messages), 20_000);
    return received;
  }

  it('carries identity in properties and headers, and leaves the options of the caller alone', async () => {
    const options = Object.freeze({ type: 'order.placed', headers: Object.freeze({ own: 1 }) });
    channel.sendToQueue(queue, Buffer.from('x'), options);
    const received: ConsumeMessage[] = [];
    await channel.consume(queue, (message) => void received.push(message!));
    await vi.waitFor(() => expect(received).toHaveLength(1), 20_000);
    const { properties } = received[0]!;
    const attempt = attemptOf(received[0]!)!;
    expect(properties.headers).toMatchObject({
      own: 1,
      'upshot-event-id': attempt.eventId,
      cloudEvents_type: 'order.placed',
    });
    expect(properties.messageId).toBe(attempt.eventId);
    expect(attempt).toMatchObject({ eventName: 'order.placed', consumer: queue, number: 1 });
    channel.ack(received[0]!);
  });

  it('says the workflow in the correlation ID, but never of a request, nor in place of one that is given', async () => {
    const send = (options: object) =>
      upshot.workflow('order_441', () => channel.sendToQueue(queue, Buffer.from('x'), options));
    send({});
    send({ replyTo: 'answers' });
    send({ replyTo: 'answers', correlationId: 'question-7' });
    channel.sendToQueue(queue, Buffer.from('x'), { correlationId: 'order_442' });
    const received: ConsumeMessage[] = [];
    await channel.consume(queue, (message) => void received.push(message!));
    await vi.waitFor(() => expect(received).toHaveLength(4), 20_000);
    expect(received.map(({ properties }) => properties.correlationId)).toEqual([
      'order_441',
      undefined,
      'question-7',
      'order_442',
    ]);
    // The workflow is what the header says; the property tells only where there is no header.
    expect(received.map((message) => attemptOf(message)!.correlationId)).toEqual([
      'order_441',
      'order_441',
      'order_441',
      'order_442',
    ]);
    channel.ackAll();
  });

  it('puts into no property what AMQP would refuse', async () => {
    const long = 'ü'.repeat(200);
    upshot.workflow(long, () =>
      channel.sendToQueue(queue, Buffer.from('x'), { headers: { 'upshot-event-id': long } }),
    );
    const received: ConsumeMessage[] = [];
    await channel.consume(queue, (message) => void received.push(message!));
    await vi.waitFor(() => expect(received).toHaveLength(1), 20_000);
    expect(received[0]!.properties).toMatchObject({ messageId: undefined, correlationId: undefined });
    expect(attemptOf(received[0]!)).toMatchObject({ correlationId: long });
    channel.ackAll();
  });

  it('settles what an acknowledgement covers', async () => {
    const [, second] = await receive(3);
    channel.ack(second!, true);
    expect(outcomes()).toEqual([
      ['succeeded', null],
      ['succeeded', null],
    ]);
    channel.nackAll(false);
    expect(outcomes()).toHaveLength(3);
    expect(outcomes()[2]).toEqual(['failed', 'dead-letter']);
  });

  it('says what becomes of a rejected message', async () => {
    const [first, second] = await receive(2);
    channel.reject(first!, false);
    attemptOf(second!)!.fail(new RangeError('too much'));
    channel.nack(second!, false, false);
    const spans = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CONSUMER);
    expect(spans.map(({ status }) => status.message)).toEqual([
      'reject called on message without requeue',
      'too much',
    ]);
  });

  it('has failed what was open when it closes, and the message comes again', async () => {
    await receive(1);
    await channel.close();
    expect(outcomes()).toEqual([['failed', 'retry']]);
    const again = instrumentChannel(await connection.createChannel(), { upshot });
    const seen: ConsumeMessage[] = [];
    await again.consume(queue, (message) => void seen.push(message!));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 20_000);
    // A classic queue says that it is not the first try, and not which it is.
    expect(attemptOf(seen[0]!)!.number).toBeNull();
    again.ack(seen[0]!);
    await again.close();
  });

  it('has failed what was open when it asks for all again', async () => {
    const received = await receive(1);
    await channel.recover();
    await vi.waitFor(() => expect(received).toHaveLength(2), 20_000);
    channel.ack(received[1]!);
    expect(outcomes()).toEqual([
      ['failed', 'retry'],
      ['succeeded', null],
    ]);
  });

  it('begins with a fetch where messages are fetched one by one', async () => {
    expect(await channel.get(queue)).toBe(false);
    channel.sendToQueue(queue, Buffer.from('x'), { type: 'order.placed' });
    const message = await vi.waitFor(async () => {
      const got = await channel.get(queue);
      if (got === false) throw new Error('nothing yet');
      return got;
    }, 20_000);
    const followUp = attemptOf(message)!.run(() => upshot.publish({ event: 'next' }));
    expect(followUp.causationId).toBe(attemptOf(message)!.eventId);
    channel.ack(message);
    expect(outcomes()).toEqual([['succeeded', null]]);
  });

  it('names the service where the broker has made up the queue', async () => {
    const { queue: generated } = await channel.assertQueue('', { exclusive: true });
    const seen: string[] = [];
    await channel.consume(generated, (message) => {
      seen.push(attemptOf(message!)!.consumer);
      channel.ack(message!);
    });
    channel.sendToQueue(generated, Buffer.from('x'));
    await vi.waitFor(() => expect(seen).toEqual(['billing']), 20_000);
  });

  it('ends an attempt with its handler where nothing is acknowledged', async () => {
    await receive(2, { noAck: true });
    expect(outcomes()).toEqual([
      ['succeeded', null],
      ['succeeded', null],
    ]);
  });

  it('counts tries over a dead-letter exchange that leads to a queue to wait in, and back', async () => {
    const [work, waiting] = [`${queue}.work`, `${queue}.wait`];
    const back = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': work };
    await channel.assertQueue(waiting, { arguments: { ...back, 'x-message-ttl': 20 } });
    await channel.assertQueue(work, {
      arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': waiting },
    });
    const tries: Attempt[] = [];
    await channel.consume(work, (message) => {
      tries.push(attemptOf(message!)!);
      if (tries.length < 3) channel.nack(message!, false, false);
      else channel.ack(message!);
    });
    channel.sendToQueue(work, Buffer.from('x'), { type: 'order.placed' });
    await vi.waitFor(() => expect(tries).toHaveLength(3), 20_000);
    expect(tries.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(new Set(tries.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('counts nothing where the application sends the message to wait, and keeps its identity', async () => {
    const waiting = `${queue}.wait`;
    const back = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue };
    await channel.assertQueue(waiting, { arguments: { ...back, 'x-message-ttl': 20 } });
    const tries: Attempt[] = [];
    await channel.consume(queue, (message) => {
      tries.push(attemptOf(message!)!);
      if (tries.length < 3) channel.sendToQueue(waiting, message!.content, message!.properties);
      channel.ack(message!);
    });
    channel.sendToQueue(queue, Buffer.from('x'), { type: 'order.placed' });
    await vi.waitFor(() => expect(tries).toHaveLength(3), 20_000);
    expect(tries.map(({ number }) => number)).toEqual([1, null, null]);
    expect(new Set(tries.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('does not change what a handler does: errors, results, cancels', async () => {
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const others = process.listeners('unhandledRejection').slice(0, -1);
    for (const other of others) process.off('unhandledRejection', other);
    channel.sendToQueue(queue, Buffer.from('x'));
    const error = new Error('handler broke');
    let cancelled = false;
    await channel.consume(queue, async (message) => {
      if (message === null) cancelled = true;
      else throw error;
    });
    expect(await unhandled).toBe(error);
    for (const other of others) process.on('unhandledRejection', other);
    expect(outcomes()).toEqual([['failed', null]]);
    await channel.deleteQueue(queue);
    await vi.waitFor(() => expect(cancelled).toBe(true), 20_000);
  });

  it('is confirmed with its span', async () => {
    const confirming = instrumentChannel(await connection.createConfirmChannel(), {
      upshot,
      event: () => 'order.placed',
    });
    expect(instrumentChannel(confirming)).toBe(confirming);
    await new Promise<void>((resolve, reject) =>
      confirming.sendToQueue(queue, Buffer.from('x'), {}, (error) => (error ? reject(error) : resolve())),
    );
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ kind: SpanKind.PRODUCER, name: `send ${queue}` });
    expect(span!.attributes['upshot.event']).toBe('order.placed');
    confirming.publish('', queue, Buffer.from('y'));
    await confirming.waitForConfirms();
    expect(exporter.getFinishedSpans()).toHaveLength(2);
    await confirming.close();
  });
});
