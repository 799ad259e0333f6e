import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incomingOf, NOTHING } from './incomingOf.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const W3C = `00-${TRACE}-${SPAN}-01`;

const ids = (headers: unknown) => {
  const { eventId, eventName, correlationId, causationId } = incomingOf(headers);
  return [eventId, eventName, correlationId, causationId];
};

describe('who an event is', () => {
  const e = ['evt_1', 'order.placed', 'order_441', 'evt_0'];
  const families: Record<string, readonly [headers: unknown, expected: (string | null)[]]> = {
    'upshot-*': [
      {
        'upshot-event-id': 'evt_1',
        'upshot-event-name': 'order.placed',
        'upshot-correlation-id': 'order_441',
        'upshot-causation-id': 'evt_0',
      },
      e,
    ],
    'upshot, packed': [{ upshot: 'id=evt_1&event=order.placed&correlation=order_441&causation=evt_0' }, e],
    'CloudEvents in Kafka': [
      {
        ce_id: Buffer.from('evt_1'),
        ce_type: 'order.placed',
        ce_correlationid: 'order_441',
        ce_causationid: 'evt_0',
      },
      e,
    ],
    'CloudEvents over HTTP': [
      {
        'ce-id': 'evt_1',
        'ce-type': 'order.placed',
        'ce-correlationid': 'order_441',
        'ce-causationid': 'evt_0',
      },
      e,
    ],
    'CloudEvents over MQTT 5': [
      {
        specversion: '1.0',
        id: 'evt_1',
        type: 'order.placed',
        correlationid: 'order_441',
        causationid: 'evt_0',
      },
      e,
    ],
    NServiceBus: [
      {
        'NServiceBus.MessageId': 'evt_1',
        'NServiceBus.EnclosedMessageTypes': `Shop.OrderPlaced, Shop, Version=1.0.0.0;${'Shop.IEvent, Shop;'.repeat(60)}`,
        'NServiceBus.ConversationId': 'order_441',
        'NServiceBus.RelatedTo': 'evt_0',
        'NServiceBus.CorrelationId': 'of a reply',
      },
      ['evt_1', 'OrderPlaced', 'order_441', 'evt_0'],
    ],
    MassTransit: [
      {
        MessageId: 'evt_1',
        'MT-MessageType': 'urn:message:Shop.Contracts:OrderPlaced,urn:message:Shop.Contracts:IEvent',
        ConversationId: 'order_441',
        CorrelationId: 'of one message',
        'MT-InitiatorId': 'evt_0',
      },
      ['evt_1', 'OrderPlaced', 'order_441', 'evt_0'],
    ],
    Rebus: [
      {
        'rbs2-msg-id': 'evt_1',
        'rbs2-msg-type': 'Shop.OrderPlaced, Shop',
        'rbs2-corr-id': 'order_441',
        'rbs2-in-reply-to': 'evt_0',
      },
      ['evt_1', 'OrderPlaced', 'order_441', 'evt_0'],
    ],
    Wolverine: [
      {
        id: 'evt_1',
        'message-type': 'order.placed',
        'correlation-id': 'order_441',
        'conversation-id': 'evt_0',
        'parent-id': W3C,
      },
      e,
    ],
    'Axon 4': [
      {
        'axon-message-id': 'evt_1',
        'axon-message-type': 'order.placed',
        correlationId: 'evt_0',
        traceId: 'order_441',
      },
      e,
    ],
    'Axon 5': [
      {
        'axon-message-id': 'evt_1',
        'axon-message-type': 'order.placed',
        correlationId: 'order_441',
        causationId: 'evt_0',
      },
      e,
    ],
    Spring: [
      { id: 'evt_1', __TypeId__: 'order.placed', kafka_correlationId: 'order_441' },
      ['evt_1', 'order.placed', 'order_441', null],
    ],
    Watermill: [{ correlation_id: 'order_441' }, [null, null, 'order_441', null]],
    EventStoreDB: [
      { $correlationId: 'order_441', $causationId: 'evt_0' },
      [null, null, 'order_441', 'evt_0'],
    ],
  };
  for (const [family, [headers, expected]] of Object.entries(families))
    it(`is read from ${family}`, () => expect(ids(headers)).toEqual(expected));

  it('is what Upshot wrote where others speak, too', () => {
    expect(ids({ 'ce-id': 'other', 'upshot-event-id': 'evt_1', MessageId: 'third' })[0]).toBe('evt_1');
  });

  it('has the number of the attempt where a header counts', () => {
    expect(incomingOf({ kafka_deliveryAttempt: Buffer.from([0, 0, 0, 3]) }).attempt).toBe(3);
    expect(incomingOf({ 'retry_topic-attempts': Buffer.from([0, 0, 0, 2]) }).attempt).toBe(2);
    expect(incomingOf({ deliveryAttempt: '4' }).attempt).toBe(4);
    expect(incomingOf({ 'rbs2-delivery-count': '2' }).attempt).toBe(2);
    expect(incomingOf({ 'x-delivery-count': 1 }).attempt).toBe(2);
    expect(incomingOf({ 'MT-Redelivery-Count': '0' }).attempt).toBe(1);
    for (const none of ['0', '-1', '1.5', 'x', '', {}, Buffer.from([255, 255, 255, 255])])
      expect(incomingOf({ deliveryAttempt: none }).attempt).toBeNull();
  });

  it('keeps baggage as it came', () => {
    expect(incomingOf({ baggage: 'a=1;p=x, b=%20' }).baggage).toBe('a=1;p=x, b=%20');
    expect(incomingOf({ 'MT-Activity-Correlation-Context': 'a=1' }).baggage).toBe('a=1');
  });
});

describe('what the wire brings', () => {
  it('is bounded and steers nothing', () => {
    const bad = [
      '',
      ' ',
      'x'.repeat(257),
      'a\nb',
      'a\u0000',
      'a\u202eb',
      '\u001b[31m',
      '\ud800',
      Buffer.from([0xff, 0xfe]),
      {},
      true,
      [],
      [[['x']]],
    ];
    for (const value of bad)
      expect(incomingOf({ 'upshot-event-id': value }).eventId, String(value)).toBeNull();
    expect(incomingOf({ upshot: `id=a%0Ab&correlation=${'x'.repeat(300)}` })).toMatchObject({
      eventId: null,
      correlationId: null,
    });
    expect(incomingOf({ 'upshot-event-id': ' Bestellung №7 ' }).eventId).toBe('Bestellung №7');
  });

  it('is nothing where there are no headers', () => {
    for (const none of [undefined, null, 0, 'traceparent', [], {}, new Map(), () => 1])
      expect(incomingOf(none)).toEqual(NOTHING);
  });

  it('looks through a thousand headers at most', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`h${index}`, 'x']));
    const started = process.cpuUsage().user;
    for (let round = 0; round < 3; round++) incomingOf(many);
    expect(process.cpuUsage().user - started).toBeLessThan(1_000_000);
  });

  const name = fc.oneof(
    fc.constantFrom(
      'traceparent',
      'b3',
      'uber-trace-id',
      '_datadog',
      'x-amzn-trace-id',
      'upshot',
      'upshot-event-id',
      'ce_id',
      'baggage',
      'x-delivery-count',
      'id',
      'specversion',
      '__proto__',
    ),
    fc.string({ unit: 'binary' }),
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.uint8Array({ maxLength: 400 }),
    fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
    fc.constantFrom(W3C, `${TRACE}-${SPAN}-1`, 'a=b', 'id=%00'),
  );

  it('never throws, and gives what is valid or nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 12 }),
        fc.constantFrom('object', 'map', 'pairs'),
        (pairs, form) => {
          const headers =
            form === 'object' ? Object.fromEntries(pairs) : form === 'map' ? new Map(pairs) : pairs;
          const { spanContext, attempt, baggage, ...texts } = incomingOf(headers);
          if (spanContext !== null) {
            expect(spanContext.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
            expect(spanContext.spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
          }
          if (attempt !== null) expect(attempt).toBeGreaterThan(0);
          expect((baggage ?? '').length).toBeLessThanOrEqual(8192);
          for (const text of Object.values(texts)) {
            if (text === null) continue;
            expect(text.length).toBeGreaterThan(0);
            expect(text.length).toBeLessThanOrEqual(256);
            expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws where a client hands over what throws', () => {
    const throwing = {
      get traceparent(): string {
        throw new Error('no');
      },
    };
    expect(incomingOf(throwing)).toEqual(NOTHING);
    expect(
      incomingOf(
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no');
            },
          },
        ),
      ),
    ).toEqual(NOTHING);
  });
});
