import { type JetStreamClient, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection, nanos } from '@nats-io/transport-node';
import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type EventRecord, Upshot } from '@upshot/sdk';
import { attemptOf, instrumentConsumer, instrumentJetStream, watchAdvisories } from '@upshot/sdk-nats';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('a client of JetStream', 'nats', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  let connection: NatsConnection;
  let js: JetStreamClient;
  let subject: string;
  let count = 0;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    connection = await connect({ servers: broker().url });
  });
  beforeEach(async () => {
    js = instrumentJetStream(jetstream(connection), { upshot, step: 'do-it' });
    subject = `orders${++count}`;
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: subject, subjects: [subject] });
    exporter.reset();
  });
  afterAll(async () => {
    await connection?.close();
    context.disable();
  });

  const outcomes = () =>
    exporter
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.CONSUMER)
      .map(({ attributes, status }) => [
        attributes['upshot.attempt'],
        attributes['upshot.outcome'],
        attributes['upshot.disposition'] ?? null,
        status.message ?? null,
      ]);

  async function consumer(config: object = {}) {
    const manager = await jetstreamManager(connection);
    await manager.consumers.add(subject, { durable_name: 'billing', ack_policy: 'explicit', ...config });
    return js.consumers.get(subject, 'billing');
  }

  async function receive(messages: number, config: object = {}): Promise<JsMsg[]> {
    for (let at = 0; at < messages; at++) await js.publish(subject, String(at));
    const received: JsMsg[] = [];
    for await (const message of await (await consumer(config)).fetch({ max_messages: messages }))
      received.push(message);
    return received;
  }

  it('carries identity in headers, and leaves options and headers of the caller alone', async () => {
    const own = headers();
    own.append('own', '1');
    own.append('own', '2');
    const options = Object.freeze({ headers: own, msgID: 'evt-1', expect: { streamName: subject } });
    const first = await js.publish(subject, 'x', options);
    const again = await js.publish(subject, 'x', options);
    expect([first.seq, first.duplicate, again.duplicate]).toEqual([1, false, true]);
    expect(own.keys()).toEqual(['own']);
    const message = (await (await consumer()).next())!;
    expect(message.headers!.values('own')).toEqual(['1', '2']);
    expect(message.headers!.get('upshot-event-id')).toBe('evt-1');
    expect(message.headers!.get('ce-type')).toBe(subject);
    expect(attemptOf(message)).toMatchObject({ eventId: 'evt-1', eventName: subject, number: 1 });
    expect(attemptOf(message)!.consumer).toBe('billing');
    message.ack();
    const [sent, duplicate] = exporter.getFinishedSpans();
    expect(sent!.attributes).toMatchObject({ 'messaging.nats.stream': subject, 'upshot.event_id': 'evt-1' });
    expect(sent!.attributes['messaging.nats.duplicate']).toBeUndefined();
    expect(duplicate!.attributes['messaging.nats.duplicate']).toBe('true');
  });

  it('fails with the error of a publish that no stream takes', async () => {
    await expect(js.publish('nowhere', 'x')).rejects.toThrow();
    expect(exporter.getFinishedSpans()[0]!.status.message).toBeTruthy();
  });

  it('is settled by ack, nak and term, each once', async () => {
    const [a, b, c, d] = await receive(4);
    a!.ack();
    a!.nak();
    b!.nak(50);
    attemptOf(c!)!.fail(new RangeError('too much'));
    c!.term();
    await d!.ackAck();
    expect(outcomes()).toEqual([
      [1, 'succeeded', null, null],
      [1, 'failed', 'retry', 'nak called on message'],
      [1, 'failed', null, 'too much'],
      [1, 'succeeded', null, null],
    ]);
  });

  it('has failed when its ack-wait is over, unless somebody says that it is worked on; and the last time for good', async () => {
    const [message] = await receive(1, { ack_wait: nanos(400), max_deliver: 2 });
    await new Promise((resolve) => setTimeout(resolve, 250));
    message!.working();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(outcomes()).toEqual([]);
    const again = await (await js.consumers.get(subject, 'billing')).next({ expires: 2000 });
    expect(again!.info.deliveryCount).toBe(2);
    await vi.waitFor(() => expect(outcomes()).toHaveLength(2), 20_000);
    expect(outcomes()).toEqual([
      [1, 'failed', 'retry', 'not acknowledged within 400 ms'],
      [2, 'failed', 'dead-letter', 'not acknowledged within 400 ms'],
    ]);
  });

  it('waits as long as the back-off of this delivery says', async () => {
    const config = { backoff: [nanos(100), nanos(600)], max_deliver: 3 };
    await receive(1, config);
    const again = await (await js.consumers.get(subject, 'billing')).next({ expires: 2000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(outcomes()).toEqual([[1, 'failed', 'retry', 'not acknowledged within 100 ms']]);
    again!.ack();
    expect(outcomes()[1]).toEqual([2, 'succeeded', null, null]);
  });

  it('settles what an acknowledgement covers under the policy `all`', async () => {
    const [, second] = await receive(3, { ack_policy: 'all' });
    second!.ack();
    expect(outcomes()).toHaveLength(2);
  });

  it('ends an attempt with its handler where nothing is acknowledged', async () => {
    for (const text of ['a', 'b']) await js.publish(subject, text);
    const ordered = instrumentConsumer(await js.consumers.get(subject), { upshot });
    let seen = 0;
    for await (const _ of await ordered.consume()) {
      expect(outcomes()).toHaveLength(seen);
      if (++seen === 2) break;
    }
    expect(outcomes().map(([, outcome]) => outcome)).toEqual(['succeeded', 'succeeded']);
  });

  it('runs a callback in the context of its message, and a rejected one has failed', async () => {
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const others = process.listeners('unhandledRejection').slice(0, -1);
    for (const other of others) process.off('unhandledRejection', other);
    await js.publish(subject, 'x');
    const error = new Error('handler broke');
    const ids: (string | null)[] = [];
    const messages = await (await consumer({ max_deliver: 3 })).consume({
      callback: async (message) => {
        await Promise.resolve();
        ids.push(upshot.current().eventId, attemptOf(message)!.eventId);
        throw error;
      },
    });
    expect(await unhandled).toBe(error);
    for (const other of others) process.on('unhandledRejection', other);
    await messages.close();
    expect(ids[0]).toBe(ids[1]);
    expect(outcomes()).toEqual([[1, 'failed', 'retry', 'handler broke']]);
  });

  it('pushes as well', async () => {
    const config = {
      durable_name: 'pushed',
      deliver_subject: `to.${subject}`,
      ack_policy: 'explicit',
    } as const;
    await (await jetstreamManager(connection)).consumers.add(subject, config);
    await js.publish(subject, 'x');
    const pushed = await js.consumers.getPushConsumer(subject, 'pushed');
    for await (const message of await pushed.consume()) {
      message.ack();
      break;
    }
    expect(outcomes()).toEqual([[1, 'succeeded', null, null]]);
  });

  it('hears from the broker what was given up, whoever failed on it', async () => {
    const records: EventRecord[] = [];
    const told = new Upshot({ service: 'watch', records: (record) => void records.push(record) });
    const consumerOf = (_: string, name: string) => `${name} of ${subject}`;
    const stop = watchAdvisories(connection, { upshot: told, consumer: consumerOf });
    watchAdvisories(connection, { upshot: told, consumer: consumerOf })();
    const plain = jetstream(connection);
    await js.publish(subject, 'crash');
    await js.publish(subject, 'poison');
    await consumer({ ack_wait: nanos(100), max_deliver: 2 });
    const blind = await plain.consumers.get(subject, 'billing');
    const messages = await blind.consume({
      callback: (message) => {
        if (message.string() === 'poison') message.term();
      },
    });
    await vi.waitFor(() => expect(records).toHaveLength(2), 20_000);
    await messages.close();
    stop();
    const [crash, poison] = exporter
      .getFinishedSpans()
      .map(({ attributes }) => attributes['upshot.event_id']);
    const expected = { eventName: subject, phase: 'dead-lettered', consumerName: `billing of ${subject}` };
    expect(records.find(({ eventId }) => eventId === crash)).toMatchObject({
      ...expected,
      attempt: 2,
      error: { type: 'MaxDeliveries' },
    });
    expect(records.find(({ eventId }) => eventId === poison)).toMatchObject({
      ...expected,
      attempt: 1,
      error: { type: 'term' },
    });
  });

  it('does nothing to what it does not know', async () => {
    expect(instrumentJetStream(js)).toBe(js);
    expect(attemptOf({})).toBeNull();
    await expect(js.publish('', 'x')).rejects.toThrow();
  });
});
