import { KeyKind, keyOf } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { ReceiverError } from '../src/intake/ReceiverError.js';
import type { RecordContext } from '../src/records/RecordContext.js';
import { type RecordForm, recordsIn } from '../src/records/recordsIn.js';
import { NOW } from './support/sample.js';

const CONTEXT: RecordContext = {
  now: NOW,
  cutoff: NOW - 1_000_000_000n,
  textBytes: 1024,
  valueBytes: 1024,
  depth: 32,
};

function read(body: unknown, form: RecordForm = 'json', most = 1000) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return recordsIn(Buffer.from(text), form, { recordsPerRequest: most, jsonNodes: 1_000_000 }, CONTEXT);
}

function one(body: unknown) {
  const { accepted, rejected } = read(body);
  expect(rejected).toEqual([]);
  return accepted[0]!;
}

const MINIMAL = { eventId: 'evt_1', eventName: 'order.placed' };

describe('an event record', () => {
  it('has IDs and names that can stand in an address, whatever JSON can write', () => {
    const { record, keys } = one({ eventId: 'e\ud800', eventName: '\udfff x', correlationId: 'o\ud83d' });
    expect(record).toMatchObject({ eventId: 'e\ufffd', eventName: '\ufffd x', correlationId: 'o\ufffd' });
    expect(keys).toContainEqual(keyOf(KeyKind.event, 'e\ufffd'));
    expect(() => encodeURIComponent(record.eventId)).not.toThrow();
    expect(one({ ...MINIMAL, eventId: 'e🧭' }).record.eventId).toBe('e🧭');
  });

  it('is kept with each of its fields', () => {
    const stored = one({
      eventId: 'evt_8821',
      traceId: 'tr_501',
      correlationId: 'order_441',
      parentSpanId: 'span_22',
      eventName: 'payment.authorized',
      phase: 'failed',
      spanId: 'span_31',
      causationId: 'evt_8800',
      producer: 'payments',
      consumerName: 'ledger',
      step: 'book-ledger-entry',
      attempt: 2,
      destination: 'payments',
      environment: 'prod',
      startTimeUnixNano: '1790000000000000000',
      endTimeUnixNano: '1790000000040000000',
      error: { type: 'UpstreamError', message: 'HTTP 503' },
    });
    expect(stored.record).toEqual({
      form: 'event-record',
      eventId: 'evt_8821',
      eventName: 'payment.authorized',
      phase: 'failed',
      traceId: 'tr_501',
      spanId: 'span_31',
      parentSpanId: 'span_22',
      correlationId: 'order_441',
      causationId: 'evt_8800',
      producer: 'payments',
      consumerName: 'ledger',
      step: 'book-ledger-entry',
      attempt: 2,
      destination: 'payments',
      environment: 'prod',
      startTimeUnixNano: '1790000000000000000',
      endTimeUnixNano: '1790000000040000000',
      error: { type: 'UpstreamError', message: 'HTTP 503' },
      createdIn: null,
      attributes: {},
    });
    expect(stored.timeUnixNano).toBe(NOW);
    expect(stored.keys).toEqual(
      expect.arrayContaining([
        keyOf(KeyKind.event, 'evt_8821'),
        keyOf(KeyKind.correlation, 'order_441'),
        keyOf(KeyKind.causation, 'evt_8800'),
        keyOf(KeyKind.trace, 'tr_501'),
        keyOf(KeyKind.span, 'span_31'),
      ]),
    );
  });

  it('needs an ID and a name alone; its time is that of receipt', () => {
    const { record } = one(MINIMAL);
    expect(record).toMatchObject({
      phase: 'published',
      startTimeUnixNano: NOW.toString(),
      endTimeUnixNano: null,
    });
    expect(record).toMatchObject({
      traceId: '',
      spanId: null,
      correlationId: null,
      producer: '',
      error: null,
    });
  });

  it('has succeeded where it names a consumer and no phase', () => {
    expect(one({ ...MINIMAL, consumerName: 'ledger' }).record.phase).toBe('succeeded');
    expect(one({ ...MINIMAL, consumerName: 'ledger', phase: 'processing' }).record.phase).toBe('processing');
  });

  it('happened at its end where it has no start', () => {
    const end = (NOW - 5n).toString();
    expect(one({ ...MINIMAL, endTimeUnixNano: end }).record.startTimeUnixNano).toBe(end);
  });

  it('takes null and empty texts for absent', () => {
    const { record } = one({
      ...MINIMAL,
      correlationId: null,
      step: '',
      attempt: null,
      error: null,
      phase: null,
    });
    expect(record).toMatchObject({
      correlationId: null,
      step: null,
      attempt: null,
      error: null,
      attributes: {},
    });
  });

  it('keeps unknown fields, nested ones and those with odd names too', () => {
    const text = `{"eventId":"e","eventName":"n","tenant":{"id":[1,{"x":null}]},"__proto__":{"polluted":1},
      "error":{"type":"T","message":"m","stack":"at x"},"big":12345678901234567890}`;
    const { attributes } = one(text).record;
    expect(Object.entries(attributes)).toEqual([
      ['tenant', { id: [1, { x: null }] }],
      ['__proto__', { polluted: 1 }],
      ['big', '12345678901234567890'],
      ['error', { stack: 'at x' }],
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("takes the resource's names for the environment, too", () => {
    const { record } = one({ ...MINIMAL, 'deployment.environment.name': 'staging' });
    expect(record.environment).toBe('staging');
  });

  it('has OpenTelemetry IDs in lower case, and other IDs as they are', () => {
    const ids = {
      traceId: '5B8EFFF798038103D269B633813FC60C',
      spanId: 'EEE19B7EC3C1B174',
      parentSpanId: 'Span_22',
    };
    expect(one({ ...MINIMAL, ...ids }).record).toMatchObject({
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      parentSpanId: 'Span_22',
    });
  });

  it('has one identity whatever the order of its fields, and another for other content', () => {
    const a = one('{"eventId":"e","eventName":"n","x":{"b":1,"a":[2]}}').identity;
    const b = one('{ "x":{"a":[2],"b":1}, "eventName":"n", "eventId":"e" }').identity;
    expect(a).toMatch(/^[0-9a-f]{32}$/);
    expect(b).toBe(a);
    expect(one('{"eventId":"e","eventName":"n","x":{"b":1,"a":[3]}}').identity).not.toBe(a);
  });

  it('takes times as numbers where JSON carries them whole', () => {
    const text = '{"eventId":"e","eventName":"n","startTimeUnixNano":1790000000000000001}';
    expect(one(text).record.startTimeUnixNano).toBe('1790000000000000001');
  });

  it.each([
    [{ eventName: 'n' }, 'eventId is missing'],
    [{ eventId: 'e' }, 'eventName is missing'],
    [{ eventId: '', eventName: 'n' }, 'eventId is missing'],
    [{ eventId: 7, eventName: 'n' }, 'eventId must be a text'],
    [{ ...MINIMAL, correlationId: ['a'] }, 'correlationId must be a text'],
    [{ ...MINIMAL, correlationId: 'é'.repeat(600) }, 'correlationId is longer than 1024 bytes'],
    [{ ...MINIMAL, phase: 'lost' }, 'phase must be one of published, processing'],
    [{ ...MINIMAL, attempt: 0 }, 'attempt must be a whole number from 1'],
    [{ ...MINIMAL, attempt: 1.5 }, 'attempt must be a whole number from 1'],
    [{ ...MINIMAL, attempt: '1' }, 'attempt must be a whole number from 1'],
    [{ ...MINIMAL, error: 'boom' }, 'error must be an object with type and message'],
    [{ ...MINIMAL, error: { type: 5 } }, 'error.type must be a text'],
    [{ ...MINIMAL, startTimeUnixNano: 'now' }, 'startTimeUnixNano must be Unix nanoseconds'],
    [{ ...MINIMAL, startTimeUnixNano: -5 }, 'startTimeUnixNano is out of range'],
    [{ ...MINIMAL, startTimeUnixNano: 1.5 }, 'startTimeUnixNano must be Unix nanoseconds'],
    [{ ...MINIMAL, endTimeUnixNano: '99999999999999999999' }, 'endTimeUnixNano is out of range'],
    [{ ...MINIMAL, startTimeUnixNano: '0' }, 'startTimeUnixNano is older than the retention'],
    [{ ...MINIMAL, traceId: '0'.repeat(32) }, 'traceId is all zero'],
    [{ ...MINIMAL, spanId: '0'.repeat(16) }, 'spanId is all zero'],
    [{ specversion: '1.0', id: 'x' }, 'a CloudEvent? send it as application/cloudevents+json'],
    ['text', 'not an object'],
    [null, 'not an object'],
    [[], 'not an object'],
  ])('%j is rejected: %s', (record, reason) => {
    const { accepted, rejected } = read([MINIMAL, record, MINIMAL]);
    expect(accepted).toHaveLength(2);
    expect(rejected).toEqual([{ index: 1, reason: expect.stringContaining(reason) }]);
  });

  it('nested ten thousand deep is rejected without exhausting the stack', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const { rejected } = read(`{"eventId":"e","eventName":"n","x":${deep}}`);
    expect(rejected).toEqual([{ index: 0, reason: 'the record is nested too deep' }]);
  });
});

describe('a body of records', () => {
  it('may be a list, which may be empty', () => {
    expect(read([]).accepted).toEqual([]);
    expect(read([MINIMAL, { ...MINIMAL, eventId: 'evt_2' }]).accepted).toHaveLength(2);
  });

  it('may be lines, of which a bad one costs the others nothing', () => {
    const line = JSON.stringify(MINIMAL);
    const lines = `${line}\r\n\n{"eventId":\n"text"\n{"eventId":"x"}\n${line}`;
    const { accepted, rejected } = read(lines, 'lines');
    expect(accepted).toHaveLength(2);
    expect(rejected).toEqual([
      { index: 2, reason: 'the line is no JSON' },
      { index: 3, reason: 'not an object' },
      { index: 4, reason: 'eventName is missing' },
    ]);
  });

  it.each(['7', '"x"', 'null', '{', ''])('that is %j is undecodable as a whole', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'undecodable' }) as ReceiverError);
  });

  it('holds no more records than allowed', () => {
    const three = [MINIMAL, MINIMAL, MINIMAL];
    expect(read(three, 'json', 3).accepted).toHaveLength(3);
    for (const [body, form] of [
      [three, 'json'],
      [three.map((r) => JSON.stringify(r)).join('\n'), 'lines'],
    ] as const) {
      expect(() => read(body, form, 2)).toThrow(ReceiverError);
    }
  });
});
