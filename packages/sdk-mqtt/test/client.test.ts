import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';
import { attemptOf, instrumentClient } from '@upshot/sdk-mqtt';
import { connectAsync, type IPublishPacket, type MqttClient, connect as mqtt } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('a client of MQTT.js', 'mosquitto', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  let client: MqttClient;
  let topic: string;
  let count = 0;

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  beforeEach(async () => {
    topic = `orders/${++count}`;
    client = await connected();
    exporter.reset();
  });
  afterEach(() => client.endAsync(true));
  afterAll(() => {
    context.disable();
  });

  async function connected(options: object = {}): Promise<MqttClient> {
    const found = await connectAsync(broker().url, { protocolVersion: 5, ...options });
    return instrumentClient(found, { upshot, step: 'do-it' });
  }

  const outcomes = () =>
    exporter
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.CONSUMER)
      .map(({ attributes, status }) => [
        attributes['upshot.outcome'],
        attributes['upshot.disposition'] ?? null,
        status.message ?? null,
      ]);

  async function received(): Promise<IPublishPacket> {
    return new Promise((resolve) => {
      client.once('message', (_topic, _payload, packet) => resolve(packet));
    });
  }

  it('carries identity in user properties, and leaves options of the caller alone', async () => {
    await client.subscribeAsync(topic, { qos: 1 });
    const packet = received();
    const userProperties = Object.freeze({ own: ['1', '2'] });
    const properties = Object.freeze({ contentType: 'text/plain', userProperties });
    await client.publishAsync(topic, 'x', Object.freeze({ qos: 1, properties }) as never);
    const { properties: came } = await packet;
    const attempt = attemptOf(await packet)!;
    expect(came!.contentType).toBe('text/plain');
    expect(came!.userProperties).toMatchObject({
      own: ['1', '2'],
      'upshot-event-id': attempt.eventId,
      specversion: '1.0',
      type: topic,
    });
    expect(attempt).toMatchObject({ eventName: topic, consumer: 'billing', number: null });
  });

  it('is sent once it is written, or once the broker says so; and says what was refused', async () => {
    const inside = await new Promise((resolve) => {
      client.publish(topic, 'x', () => resolve(upshot.current().eventId));
    });
    expect(inside).toBeNull();
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    await client.publishAsync(topic, 'y', { qos: 2 });
    expect(exporter.getFinishedSpans().map(({ attributes }) => attributes['messaging.mqtt.qos'])).toEqual([
      0, 2,
    ]);
    await client.endAsync();
    await expect(client.publishAsync(topic, 'z')).rejects.toThrow();
    expect(exporter.getFinishedSpans()[2]!.status.message).toBeTruthy();
  });

  it('is done when all listeners are, promises included', async () => {
    const ids: (string | null)[] = [];
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    client.on('message', () => void ids.push(upshot.current().eventId));
    client.on('message', async () => {
      await slow;
      ids.push(upshot.current().eventId);
    });
    await client.subscribeAsync(topic);
    await client.publishAsync(topic, 'x');
    await vi.waitFor(() => expect(ids).toHaveLength(1), 20_000);
    expect(outcomes()).toEqual([]);
    finish();
    await vi.waitFor(() => expect(outcomes()).toEqual([['succeeded', null, null]]), 20_000);
    expect(ids[1]).toBe(ids[0]);
  });

  it('has failed where a listener rejects, which stays an unhandled rejection', async () => {
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const others = process.listeners('unhandledRejection').slice(0, -1);
    for (const other of others) process.off('unhandledRejection', other);
    const error = new Error('handler broke');
    client.on('message', async () => {
      throw error;
    });
    await client.subscribeAsync(topic);
    client.publish(topic, 'x');
    expect(await unhandled).toBe(error);
    for (const other of others) process.on('unhandledRejection', other);
    expect(outcomes()).toEqual([['failed', null, 'handler broke']]);
  });

  it("waits for the application's own handleMessage; an error there brings the message again", async () => {
    const session = { clientId: `session-${count}`, clean: false, properties: { sessionExpiryInterval: 60 } };
    const first = await connected(session);
    await first.subscribeAsync(topic, { qos: 1 });
    first.on('error', () => {});
    first.on('message', () => {});
    first.handleMessage = (_packet, callback) => {
      setTimeout(() => callback(new Error('not now')), 20);
    };
    await client.publishAsync(topic, 'x', { qos: 1 });
    await vi.waitFor(() => expect(outcomes()).toEqual([['failed', 'retry', 'not now']]), 20_000);
    await first.endAsync(true);
    const again = mqtt(broker().url, { protocolVersion: 5, ...session });
    const packet = new Promise<IPublishPacket>((resolve) => {
      again.on('message', (_topic, _payload, one) => resolve(one));
    });
    instrumentClient(again, { upshot });
    expect((await packet).dup).toBe(true);
    await vi.waitFor(() => expect(outcomes()[1]).toEqual(['succeeded', null, null]), 20_000);
    await again.endAsync(true);
  });

  it('carries nothing in MQTT 3.1.1, and works', async () => {
    const old = await connected({ protocolVersion: 4 });
    await old.subscribeAsync(topic);
    const packets: IPublishPacket[] = [];
    old.on('message', (_topic, _payload, packet) => void packets.push(packet));
    await old.publishAsync(topic, 'x');
    await vi.waitFor(() => expect(packets).toHaveLength(1), 20_000);
    expect(attemptOf(packets[0]!)!.eventId).toBeNull();
    await old.endAsync(true);
  });

  it('does nothing to what it does not know', async () => {
    expect(instrumentClient(client)).toBe(client);
    expect(attemptOf({})).toBeNull();
    const listener = vi.fn();
    client.once('message', listener);
    await client.subscribeAsync(topic);
    await client.publishAsync(topic, 'x');
    await client.publishAsync(topic, 'y');
    await vi.waitFor(() => expect(outcomes()).toHaveLength(1), 20_000);
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
