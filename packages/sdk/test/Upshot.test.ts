import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { afterEach, describe, expect, it } from 'vitest';
import { recorded, registerContext, unregister } from './recorded.js';

afterEach(unregister);

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

it('a workflow that begins while an event is handled leaves that event its own', () => {
  const { upshot, spans } = recorded();
  const { headers, eventId } = upshot.workflow('import_7', () => upshot.publish({ event: 'file.arrived' }));
  upshot.process({ headers }, () =>
    upshot.workflow('order_441', () => {
      expect(upshot.publish({ event: 'order.placed' })).toMatchObject({
        correlationId: 'order_441',
        causationId: eventId,
      });
    }),
  );
  expect(spans(SpanKind.CONSUMER)[0]!.attributes['upshot.correlation_id']).toBe('import_7');
});

it('an event that came without a workflow gets the one that its handler names', () => {
  const { upshot, spans } = recorded();
  upshot.process({ headers: {}, destination: 'orders' }, () => upshot.workflow('order_441', () => undefined));
  expect(spans().map(({ attributes }) => attributes['upshot.correlation_id'])).toEqual(['order_441']);
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
