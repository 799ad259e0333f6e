import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { type Attempt, ConventionError, type EventRecord, Upshot } from '@upshot/sdk';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recorded, registerContext, unregister } from './recorded.js';

afterEach(unregister);

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SENDER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

describe('publish', () => {
  it('makes a producer span and hands over its context', () => {
    const { upshot, spans } = recorded();
    const result = upshot.publish(
      { event: 'order.placed', destination: 'orders', correlationId: 'order_441' },
      ({ headers, eventId, spanId }) => {
        expect(headers.traceparent).toContain(spanId);
        expect(headers).toMatchObject({
          'upshot-event-id': eventId,
          'ce-id': eventId,
          'ce-type': 'order.placed',
          'ce-source': 'billing',
        });
        return 7;
      },
    );
    expect(result).toBe(7);
    const [span] = spans();
    expect(span).toMatchObject({ kind: SpanKind.PRODUCER, name: 'send orders' });
    expect(span!.attributes).toMatchObject({
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'orders',
      'messaging.message.conversation_id': 'order_441',
      'upshot.event': 'order.placed',
    });
  });

  it('covers what is awaited, and notes its error', async () => {
    const { upshot, spans } = recorded();
    const error = new TypeError('broker away');
    await expect(upshot.publish({ event: 'e' }, () => Promise.reject(error))).rejects.toBe(error);
    expect(spans()[0]!.status).toEqual({ code: SpanStatusCode.ERROR, message: 'broker away' });
    expect(spans()[0]!.attributes['error.type']).toBe('TypeError');
    expect(() =>
      upshot.publish({ event: 'e' }, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it('takes the identity that an event has already', () => {
    const { upshot } = recorded();
    expect(upshot.publish({ event: 'e', id: 'evt_1', causationId: 'evt_0' })).toMatchObject({
      eventId: 'evt_1',
      causationId: 'evt_0',
    });
    const own = {
      'ce-id': 'evt_7',
      'ce-type': 'order.placed',
      'ce-specversion': '1.0',
      'ce-source': '/shop',
    };
    const sent = upshot.publish({ event: 'order.placed', headers: own });
    expect(sent.eventId).toBe('evt_7');
    expect(sent.headers).not.toHaveProperty('ce-id');
  });

  it('keeps an event apart from its follow-up, though headers are copied', () => {
    const { upshot } = recorded();
    const first = upshot.publish({ event: 'order.placed', correlationId: 'c' });
    upshot.process({ headers: first.headers, destination: 'orders' }, () => {
      const followUp = upshot.publish({ event: 'payment.authorized', headers: first.headers });
      expect(followUp).toMatchObject({
        correlationId: 'c',
        causationId: first.eventId,
        eventName: 'payment.authorized',
      });
      expect(followUp.eventId).not.toBe(first.eventId);
      const unnamed = upshot.publish({ placeName: 'payments', headers: first.headers });
      expect(unnamed.eventId).not.toBe(first.eventId);
      const again = upshot.publish({ placeName: 'orders.retry', headers: first.headers });
      expect(again).toMatchObject({ eventId: first.eventId, eventName: 'order.placed', causationId: null });
      const forced = upshot.publish({ placeName: 'elsewhere', headers: first.headers, resend: true });
      expect(forced.eventId).toBe(first.eventId);
    });
  });

  it('passes the event itself on where the one who handles it is a relay', () => {
    const { upshot } = recorded();
    const headers = { 'upshot-event-id': 'evt_1', 'upshot-event-name': 'order.placed' };
    const relayed = (publication: object) =>
      upshot.process({ headers, relays: true, destination: 'outbox' }, () =>
        upshot.publish({ destination: 'orders', ...publication }),
      );
    const same = { eventId: 'evt_1', eventName: 'order.placed', causationId: null };
    expect(relayed({})).toMatchObject(same);
    expect(relayed({ headers })).toMatchObject(same);
    expect(relayed({ event: 'order.placed' })).toMatchObject(same);
    const followUp = relayed({ event: 'order.relayed' });
    expect(followUp).toMatchObject({ eventName: 'order.relayed', causationId: 'evt_1' });
    expect(followUp.eventId).not.toBe('evt_1');
  });

  it('keeps to the headers that a transport takes', () => {
    const { upshot } = recorded();
    const sqs = { system: 'aws_sqs', cloudEvents: null, mostHeaders: 10 };
    const publication = {
      event: 'order placed',
      correlationId: 'order&441',
      causationId: 'evt_0',
      transport: sqs,
    };
    const own = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, 'x']));
    for (let count = 0; count <= 10; count++) {
      const { headers } = upshot.publish({ ...publication, headers: own(count) });
      expect(Object.keys(headers).length + count).toBeLessThanOrEqual(10);
      if (count <= 8) {
        const seen = upshot.process({ headers }, ({ eventName, correlationId, causationId }) => [
          eventName,
          correlationId,
          causationId,
        ]);
        expect(seen).toEqual(['order placed', 'order&441', 'evt_0']);
      }
      if (count <= 9) expect(headers).toHaveProperty('traceparent');
    }
    const narrow = upshot.publish({ event: 'e', transport: { system: 'x', mostHeaderBytes: 100 } });
    expect(Object.keys(narrow.headers)).toEqual(['traceparent']);
  });

  it('passes on the baggage of others as it came, and what the application added', () => {
    registerContext();
    propagation.setGlobalPropagator(new W3CBaggagePropagator());
    const { upshot } = recorded();
    const raw = 'user=Am%C3%A9lie;prop=1 , odd=%zz';
    upshot.process({ headers: { baggage: raw } }, () => {
      expect(upshot.publish({ event: 'e' }).headers.baggage).toBe(raw);
      expect(propagation.getActiveBaggage()?.getEntry('user')?.value).toBe('Amélie');
    });
  });
});

describe('process', () => {
  it('is a child of the sender and links to it, or as configured', () => {
    for (const [relation, parent, links] of [
      ['parent-and-link', SENDER.spanId, 1],
      ['parent', SENDER.spanId, 0],
      ['link', undefined, 1],
    ] as const) {
      const { upshot, spans } = recorded({ relation });
      upshot.process({ headers: { traceparent: TRACEPARENT } }, () => undefined);
      const [span] = spans();
      expect(span!.parentSpanContext?.spanId).toBe(parent);
      expect(span!.links.map(({ context }) => context.spanId)).toEqual(links === 1 ? [SENDER.spanId] : []);
    }
  });

  it('is named after the business step, and says what it does', () => {
    const { upshot, spans } = recorded();
    upshot.process(
      {
        headers: { 'upshot-event-id': 'evt_1' },
        destination: 'orders',
        consumer: 'billing',
        step: 'authorize-payment',
        attempt: 2,
      },
      () => undefined,
    );
    expect(spans()[0]).toMatchObject({ name: 'authorize-payment', kind: SpanKind.CONSUMER });
    expect(spans()[0]!.attributes).toMatchObject({
      'upshot.step': 'authorize-payment',
      'upshot.consumer': 'billing',
      'upshot.attempt': 2,
      'upshot.outcome': 'succeeded',
      'upshot.event_id': 'evt_1',
      'messaging.operation.type': 'process',
    });
  });

  it('notes failure, decision, skip and dead letter, once', async () => {
    const { upshot, spans } = recorded();
    const error = new RangeError('no');
    await expect(
      upshot.process({ decide: () => 'retry' }, async () => {
        throw error;
      }),
    ).rejects.toBe(error);
    upshot.process({}, (attempt) => {
      attempt.skip('seen before');
      attempt.fail(new Error('too late'));
    });
    upshot.process({}, (attempt) => attempt.deadLetter(new Error('poison')));
    const said = spans().map(({ attributes }) => [
      attributes['upshot.outcome'],
      attributes['upshot.disposition'],
      attributes['error.type'],
      attributes['upshot.skip.reason'],
    ]);
    expect(said).toEqual([
      ['failed', 'retry', 'RangeError', undefined],
      ['skipped', undefined, undefined, 'seen before'],
      ['failed', 'dead-letter', 'Error', undefined],
    ]);
  });

  it('does not hide a rejection that nobody handles', async () => {
    const { upshot } = recorded();
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const listeners = process.listeners('unhandledRejection').slice(0, -1);
    for (const listener of listeners) process.off('unhandledRejection', listener);
    const error = new Error('nobody cares');
    void upshot.process({}, () => Promise.reject(error));
    expect(await unhandled).toBe(error);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });

  it('of a batch keeps one context for each message', () => {
    const { upshot, spans } = recorded();
    const messages = ['a', 'b', 'c'].map(
      (id) => upshot.publish({ event: 'order.placed', id, correlationId: `order_${id}` }).headers,
    );
    upshot.processBatch(
      messages.map((headers) => ({ headers, destination: 'orders' })),
      (attempts) => {
        const followUps = attempts.map((attempt) => attempt.run(() => upshot.publish({ event: 'next' })));
        expect(followUps.map(({ causationId, correlationId }) => [causationId, correlationId])).toEqual([
          ['a', 'order_a'],
          ['b', 'order_b'],
          ['c', 'order_c'],
        ]);
        expect(upshot.publish({ event: 'next', cause: attempts[1] })).toMatchObject({
          causationId: 'b',
          correlationId: 'order_b',
        });
        expect(upshot.publish({ event: 'of all' })).toMatchObject({ causationId: null, correlationId: null });
        attempts[0]!.fail(new Error('this one'), 'retry');
      },
    );
    const processed = spans(SpanKind.CONSUMER).map(({ attributes }) => attributes['upshot.outcome']);
    expect(processed.sort()).toEqual(['failed', 'succeeded', 'succeeded']);
    expect(spans(SpanKind.CLIENT)[0]!.attributes['messaging.batch.message_count']).toBe(3);
  });

  it('tells of a handler that outlives its time, and of no other', async () => {
    const records: EventRecord[] = [];
    const { upshot } = recorded({ records: (record) => records.push(record), processingAfterMs: 20 });
    const headers = {
      'upshot-event-id': 'evt_1',
      'upshot-event-name': 'order.placed',
      traceparent: TRACEPARENT,
    };
    await upshot.process({ headers, consumer: 'mail' }, async () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(records).toEqual([]);
    await upshot.process({ headers, consumer: 'mail', step: 'send-mail' }, async () => {
      const { spanId } = upshot.current();
      await vi.waitFor(() => expect(records).toHaveLength(1));
      expect(records[0]).toMatchObject({
        eventId: 'evt_1',
        phase: 'processing',
        consumerName: 'mail',
        step: 'send-mail',
        traceId: SENDER.traceId,
        spanId,
      });
    });
    const unsampled = { ...headers, traceparent: TRACEPARENT.replace(/01$/, '00') };
    const atOnce = recorded({ records: (record) => records.push(record), processingAfterMs: 0 });
    atOnce.upshot.process({ headers: unsampled }, () => undefined);
    expect(records).toHaveLength(1);
    atOnce.upshot.process({ headers }, () => expect(records).toHaveLength(2));
  });
});

describe('nothing reaches the application', () => {
  const boom = (): never => {
    throw new Error('boom');
  };
  const trap: object = new Proxy({}, { get: boom, ownKeys: boom, has: boom, getOwnPropertyDescriptor: boom });

  it('of a tracer that throws, headers that throw, functions that throw', async () => {
    const upshot = new Upshot({
      tracerProvider: { getTracer: () => ({ startSpan: boom, startActiveSpan: boom }) },
    });
    expect(upshot.publish({ event: 'e' }, () => 1)).toBe(1);
    expect(upshot.process({ headers: trap }, () => 2)).toBe(2);
    expect(upshot.processBatch([{}, { headers: trap }], (attempts) => attempts.length)).toBe(2);
    expect(upshot.step('s', () => 3)).toBe(3);
    expect(upshot.workflow('w', () => 4)).toBe(4);
    expect(upshot.resume(trap, () => 5)).toBe(5);
    const { upshot: traced } = recorded({ records: boom, processingAfterMs: 0 });
    const error = new Error('own');
    await expect(traced.process({ headers: trap, decide: boom }, () => Promise.reject(error))).rejects.toBe(
      error,
    );
    expect(traced.publish({ event: 'e', headers: trap, attributes: trap as never }, () => 6)).toBe(6);
    for (const bad of ['', 'x'.repeat(1000), '\n', null as never])
      expect(traced.workflow(bad, () => 7)).toBe(7);
  });

  it('of a span whose methods throw', () => {
    const span = new Proxy(
      { spanContext: () => ({ ...SENDER, traceFlags: 1 }) },
      { get: (target, name) => (name === 'spanContext' ? target.spanContext : boom) },
    );
    const upshot = new Upshot({
      tracerProvider: { getTracer: () => ({ startSpan: () => span as never, startActiveSpan: boom }) },
    });
    expect(upshot.publish({ event: 'e' }, () => 1)).toBe(1);
    expect(upshot.process({}, (attempt) => attempt.skip())).toBeUndefined();
    expect(() =>
      upshot.process({}, () => {
        throw new RangeError('own');
      }),
    ).toThrow('own');
  });

  it('of errors that can not be read', () => {
    const { upshot } = recorded();
    for (const error of [undefined, null, Symbol('s'), trap, { toString: boom }, Object.create(null)]) {
      let thrown: unknown = 'nothing';
      try {
        upshot.process({}, () => {
          throw error;
        });
      } catch (caught) {
        thrown = caught;
      }
      expect(Object.is(thrown, error)).toBe(true);
    }
  });
});

describe('conventions', () => {
  const conventions = {
    traceConventions: {
      requiredFields: ['eventId', 'correlationId', 'consumerName'],
      spanNaming: { style: 'business-step-first' },
    },
  };

  it('are told once each, with the line to write', () => {
    const lines: string[] = [];
    const { upshot } = recorded({ conventions, warn: (line) => lines.push(line) });
    for (let round = 0; round < 3; round++) {
      const { headers } = upshot.publish({ event: 'order.placed', destination: 'orders' });
      upshot.process({ headers, destination: 'orders' }, () => undefined);
    }
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('sends order.placed without correlationId');
    expect(lines[0]).toContain("upshot.workflow('order_441'");
    expect(lines.join()).toContain("process({ consumer: 'warehouse' })");
    expect(lines.join()).toContain("process({ step: 'reserve-inventory' })");
  });

  it('are kept by a step below', () => {
    const lines: string[] = [];
    const { upshot } = recorded({ conventions, warn: (line) => lines.push(line) });
    upshot.workflow('order_441', () => {
      const { headers } = upshot.publish({ event: 'order.placed' });
      upshot.process({ headers, consumer: 'billing' }, () =>
        upshot.step('authorize-payment', () => undefined),
      );
    });
    expect(lines).toEqual([]);
  });

  it('throw in tests: before something is sent, after something was handled', async () => {
    const { upshot } = recorded({ conventions, conventionsMode: 'throw' });
    let sent = 0;
    expect(() => upshot.publish({ event: 'order.placed' }, () => sent++)).toThrow(ConventionError);
    expect(sent).toBe(0);
    const handled = async (attempt: Attempt) => attempt.eventId;
    await expect(upshot.process({ consumer: 'b', step: 'do-it' }, handled)).rejects.toThrow(
      /without eventId/,
    );
    const own = new Error('own');
    await expect(upshot.process({}, () => Promise.reject(own))).rejects.toBe(own);
  });

  it('are silent where they are off, and refused where they are none', () => {
    const lines: string[] = [];
    const { upshot } = recorded({ conventions, conventionsMode: 'off', warn: (line) => lines.push(line) });
    upshot.publish({ event: 'order.placed' });
    expect(lines).toEqual([]);
    expect(() => new Upshot({ conventions: { traceConventions: { requiredFields: ['evntId'] } } })).toThrow(
      /eventId/,
    );
  });
});

it('step and workflow name what is done, below what runs', () => {
  registerContext();
  const { upshot, spans, provider } = recorded();
  upshot.workflow('order_441', () => upshot.step('reserve-inventory', () => undefined), {
    name: 'place-order',
  });
  expect(spans().map(({ name, attributes }) => [name, attributes['upshot.correlation_id']])).toEqual([
    ['reserve-inventory', 'order_441'],
    ['place-order', 'order_441'],
  ]);
  const server = provider.getTracer('http').startSpan('POST /orders', { kind: SpanKind.SERVER });
  context.with(trace.setSpan(context.active(), server), () =>
    upshot.workflow('order_442', () => upshot.publish({ event: 'e' })),
  );
  server.end();
  expect(spans(SpanKind.SERVER)[0]!.attributes['upshot.correlation_id']).toBe('order_442');
  expect(spans(SpanKind.PRODUCER)[0]!.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
});
