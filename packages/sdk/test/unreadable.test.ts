import { context, propagation, ROOT_CONTEXT, SpanKind, type TextMapPropagator } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recorded, registerContext, unregister } from './recorded.js';

beforeEach(registerContext);
afterEach(unregister);

const boom = (): never => {
  throw new Error('boom');
};
const trap: object = new Proxy({}, { get: boom, ownKeys: boom, has: boom, getPrototypeOf: boom });
const HEADERS = {
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'upshot-event-id': 'evt_1',
  'upshot-correlation-id': 'order_441',
};

it('whatever is thrown, its attempt has failed and its span is sent', () => {
  const { upshot, spans } = recorded();
  const unreadable = Object.defineProperty(new Error('x'), 'message', { get: boom });
  const thrown = [
    'a text',
    undefined,
    null,
    Symbol('s'),
    Object.create(null),
    { toString: boom },
    trap,
    unreadable,
    Object.freeze(new RangeError('frozen')),
    new DOMException('stopped', 'AbortError'),
  ];
  for (const error of thrown) {
    let caught: unknown = 'nothing';
    try {
      upshot.process({ headers: HEADERS }, () => {
        throw error;
      });
    } catch (one) {
      caught = one;
    }
    expect(Object.is(caught, error)).toBe(true);
  }
  const attempts = spans(SpanKind.CONSUMER);
  expect(attempts.map(({ attributes }) => attributes['upshot.outcome'])).toEqual(thrown.map(() => 'failed'));
  expect(attempts.map(({ attributes }) => attributes['error.type']).slice(-2)).toEqual([
    'RangeError',
    'AbortError',
  ]);
  let caught: unknown;
  try {
    upshot.step('s', () => thrownBy(trap));
  } catch (one) {
    caught = one;
  }
  expect(Object.is(caught, trap)).toBe(true);
  expect(spans(SpanKind.INTERNAL)).toHaveLength(1);
});

function thrownBy(error: unknown): never {
  throw error;
}

it('of an error as much is sent as a person reads', () => {
  const { upshot, spans } = recorded();
  const error = new Error('x'.repeat(1_000_000));
  expect(() => upshot.process({}, () => thrownBy(error))).toThrow(error);
  const [attempt] = spans(SpanKind.CONSUMER);
  expect(JSON.stringify(attempt!.events).length).toBeLessThan(20_000);
  expect(error.message).toHaveLength(1_000_000);
});

it('a result that nobody could await passes as it is', () => {
  const { upshot, spans } = recorded();
  const result = Object.defineProperty({}, 'then', { get: boom });
  expect(upshot.process({}, () => result)).toBe(result);
  expect(upshot.publish({ event: 'e' }, () => result)).toBe(result);
  expect(spans()).toHaveLength(2);
});

it('a propagator that throws costs its own headers alone', () => {
  const broken: TextMapPropagator = { inject: boom, extract: boom, fields: () => ['x'] };
  propagation.setGlobalPropagator(broken);
  const { upshot, spans } = recorded();
  const { headers } = upshot.workflow('order_441', () => upshot.publish({ event: 'order.placed' }));
  expect(headers).toMatchObject({ 'upshot-correlation-id': 'order_441' });
  expect(headers.traceparent).toMatch(/^00-/);
  upshot.process({ headers: { other: 1 } }, () => undefined);
  expect(spans(SpanKind.CONSUMER)).toHaveLength(1);
});

it('baggage of any name and text goes on, or is left out alone', () => {
  const { upshot } = recorded();
  const raw = '__proto__=1,constructor=2;p=q,good=%41,bad=%E0%A4%A';
  upshot.process({ headers: { ...HEADERS, baggage: raw } }, () => {
    expect(propagation.getActiveBaggage()!.getEntry('__proto__')).toMatchObject({ value: '1' });
    expect(upshot.publish({ event: 'next' }).headers.baggage).toBe(raw);
  });
  upshot.process({ headers: { ...HEADERS, baggage: `a=${'x'.repeat(1_000_000)}` } }, () =>
    expect(upshot.publish({ event: 'next' }).headers).not.toHaveProperty('baggage'),
  );
  const half = propagation.createBaggage({ half: { value: '\ud800' } });
  const { headers } = context.with(propagation.setBaggage(ROOT_CONTEXT, half), () =>
    upshot.publish({ event: 'next' }),
  );
  expect(headers.traceparent).toMatch(/^00-/);
  expect(headers).not.toHaveProperty('baggage');
});

it('follow-ups that the messages of a batch publish at the same time keep their own cause', async () => {
  const { upshot } = recorded();
  const ids = Array.from({ length: 20 }, (_, at) => `evt_${at}`);
  const receptions = ids.map((id) => ({
    headers: { 'upshot-event-id': id, 'upshot-correlation-id': `order_${id}` },
    destination: 'orders',
  }));
  const published = await upshot.processBatch(receptions, (attempts) =>
    Promise.all(
      attempts.map((attempt, at) =>
        attempt.run(async () => {
          await new Promise((resolve) => setTimeout(resolve, (7 * at) % 5));
          const one = upshot.publish({ event: 'next' });
          if (at % 3 === 0) attempt.skip('seen before');
          return one;
        }),
      ),
    ),
  );
  expect(published.map(({ causationId, correlationId }) => [causationId, correlationId])).toEqual(
    ids.map((id) => [id, `order_${id}`]),
  );
});

it('a handler that is aborted in the middle has failed once, whatever it does afterwards', async () => {
  const { upshot, spans } = recorded();
  const stop = new AbortController();
  const late: Promise<unknown>[] = [];
  const work = upshot.process({ headers: HEADERS }, (attempt) => {
    late.push(
      new Promise((resolve) => setTimeout(resolve, 10)).then(() => {
        attempt.succeed();
        return upshot.publish({ event: 'too.late' });
      }),
    );
    return new Promise((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
    });
  });
  stop.abort();
  await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  expect(await late[0]).toMatchObject({ causationId: 'evt_1', correlationId: 'order_441' });
  expect(spans(SpanKind.CONSUMER).map(({ attributes }) => attributes['upshot.outcome'])).toEqual(['failed']);
});
