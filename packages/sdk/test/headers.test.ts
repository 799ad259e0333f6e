import { propagation, SpanKind, trace } from '@opentelemetry/api';
import { incomingOf, textOf } from '@upshot/sdk';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { recorded, unregister } from './recorded.js';

afterEach(unregister);

it('whatever the IDs are, their headers pass any transport, and come back', () => {
  const { upshot } = recorded();
  const id = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .map((text) => textOf(text, 256))
    .filter((text) => text !== null);
  fc.assert(
    fc.property(
      id,
      id,
      id,
      id,
      fc.constantFrom('ce-', 'ce_', null),
      fc.constantFrom(undefined, 3),
      (eventId, event, correlationId, causationId, cloudEvents, mostHeaders) => {
        const transport = { system: 'x', cloudEvents, mostHeaders };
        const { headers } = upshot.publish({ id: eventId, event, correlationId, causationId, transport });
        if (cloudEvents !== 'ce_' || mostHeaders === 3) new Headers(headers);
        for (const carrier of [
          headers,
          new Map(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)])),
        ])
          expect(incomingOf(carrier)).toMatchObject({
            eventId,
            eventName: event,
            correlationId,
            causationId,
          });
        const { 'upshot-event-id': _, 'upshot-event-name': __, ...others } = headers;
        if (cloudEvents === 'ce-' && mostHeaders === undefined)
          expect(incomingOf(others)).toMatchObject({ eventId, eventName: event });
      },
    ),
  );
});

it("an application's own propagator writes beside ours, and reads what we can't", () => {
  propagation.setGlobalPropagator({
    fields: () => ['x-own'],
    inject: (at, carrier, setter) => {
      const span = trace.getSpanContext(at);
      if (span !== undefined) setter.set(carrier, 'x-own', `${span.traceId}/${span.spanId}`);
    },
    extract: (at, carrier, getter) => {
      const [traceId, spanId] = String(getter.get(carrier, 'x-own')).split('/');
      return spanId === undefined
        ? at
        : trace.setSpanContext(at, { traceId: traceId!, spanId, traceFlags: 1 });
    },
  });
  const { upshot, spans } = recorded();
  const { headers, spanId } = upshot.publish({ event: 'e' });
  expect(headers['x-own']).toContain(spanId);
  upshot.process({ headers: { 'x-own': Buffer.from(headers['x-own']!) } }, () => undefined);
  expect(spans(SpanKind.CONSUMER)[0]!.parentSpanContext?.spanId).toBe(spanId);
});
