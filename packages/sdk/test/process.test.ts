import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { EventRecord } from '@upshot/sdk';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recorded, registerContext, unregister } from './recorded.js';

afterEach(unregister);

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SENDER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

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

  it('hangs on what brought its message, and not on where its consumer was begun', () => {
    registerContext();
    const { upshot, spans, provider } = recorded();
    const tracer = provider.getTracer('app');
    const parentWithin = (kind: SpanKind, headers: object): string | undefined => {
      const span = tracer.startSpan('around', { kind });
      const before = spans(SpanKind.CONSUMER).length;
      context.with(trace.setSpan(context.active(), span), () => upshot.process({ headers }, () => undefined));
      const made = spans(SpanKind.CONSUMER)[before]!;
      return made.parentSpanContext?.spanId === span.spanContext().spanId
        ? 'around'
        : made.parentSpanContext?.spanId;
    };
    expect(parentWithin(SpanKind.SERVER, {})).toBe('around');
    expect(parentWithin(SpanKind.INTERNAL, {})).toBeUndefined();
    expect(parentWithin(SpanKind.SERVER, { traceparent: TRACEPARENT })).toBe(SENDER.spanId);
    expect(parentWithin(SpanKind.INTERNAL, { traceparent: TRACEPARENT })).toBe(SENDER.spanId);
    const webhook = tracer.startSpan(
      'POST /hook',
      { kind: SpanKind.SERVER },
      trace.setSpanContext(ROOT_CONTEXT, { ...SENDER, traceFlags: 1 }),
    );
    context.with(trace.setSpan(ROOT_CONTEXT, webhook), () =>
      upshot.process({ headers: { traceparent: TRACEPARENT } }, () => undefined),
    );
    const last = spans(SpanKind.CONSUMER).at(-1)!;
    expect(last.parentSpanContext?.spanId).toBe(webhook.spanContext().spanId);
    expect(last.links.map(({ context }) => context.spanId)).toEqual([SENDER.spanId]);
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
      await vi.waitFor(() => expect(records).toHaveLength(1), 20_000);
      expect(records[0]).toMatchObject({
        eventId: 'evt_1',
        phase: 'processing',
        consumerName: 'mail',
        step: 'send-mail',
        traceId: SENDER.traceId,
        spanId,
      });
    });
    // Of a message without headers, its handler may know what it is about.
    await upshot.process({ messageId: '1-0', destination: 'orders' }, async ({ span }) => {
      span?.setAttribute('upshot.event', 'order.placed');
      await upshot.workflow('order_441', () => vi.waitFor(() => expect(records).toHaveLength(2), 20_000));
    });
    expect(records.pop()).toMatchObject({
      eventId: '1-0',
      eventName: 'order.placed',
      correlationId: 'order_441',
    });
    const unsampled = { ...headers, traceparent: TRACEPARENT.replace(/01$/, '00') };
    const atOnce = recorded({ records: (record) => records.push(record), processingAfterMs: 0 });
    atOnce.upshot.process({ headers: unsampled }, () => undefined);
    expect(records).toHaveLength(1);
    atOnce.upshot.process({ headers }, () => expect(records).toHaveLength(2));
  });
});
