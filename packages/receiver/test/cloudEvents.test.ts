import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesOfHeaders } from '../src/cloudevents/binaryMode.js';
import { attributesOfJson, cloudEventFrom } from '../src/cloudevents/cloudEventFrom.js';
import { parseRfc3339 } from '../src/cloudevents/rfc3339.js';
import { parseTraceparent } from '../src/cloudevents/traceparent.js';
import type { RecordContext } from '../src/records/RecordContext.js';
import { NOW } from './support/sample.js';

const CONTEXT: RecordContext = { now: NOW, cutoff: 0n, textBytes: 1024, valueBytes: 1024, depth: 32 };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const EVENT = { specversion: '1.0', id: 'A-1', source: '/shop', type: 'order.placed' };

const fromJson = (event: unknown) => cloudEventFrom(attributesOfJson(event), CONTEXT);

describe('a CloudEvent', () => {
  it('becomes a record of an event that was published', () => {
    const { record, timeUnixNano } = fromJson({
      ...EVENT,
      time: '2026-09-21T12:13:20.000000001+02:00',
      correlationid: 'order_441',
      causationid: 'A-0',
      traceparent: `00-${TRACE}-${SPAN}-01`,
      subject: 'order/441',
      datacontenttype: 'application/json',
      priority: 3,
      data: { secret: 'payload' },
    });
    expect(record).toEqual({
      form: 'cloudevent',
      eventId: 'A-1',
      eventName: 'order.placed',
      phase: 'published',
      traceId: '',
      spanId: null,
      parentSpanId: null,
      correlationId: 'order_441',
      causationId: 'A-0',
      producer: '/shop',
      consumerName: null,
      step: null,
      attempt: null,
      destination: null,
      environment: '',
      startTimeUnixNano: (BigInt(Date.UTC(2026, 8, 21, 10, 13, 20)) * 1_000_000n + 1n).toString(),
      endTimeUnixNano: null,
      error: null,
      createdIn: { traceId: TRACE, spanId: SPAN },
      attributes: { subject: 'order/441', datacontenttype: 'application/json', priority: 3 },
    });
    expect(timeUnixNano.toString()).toBe(record.startTimeUnixNano);
    expect(JSON.stringify(record)).not.toContain('payload');
  });

  it('has one identity in JSON and in headers', () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'A-1',
      'ce-source': '/shop',
      'ce-type': 'order.placed',
    };
    const json = fromJson({ ...EVENT, priority: 3, urgent: true, data: { a: 1 } });
    const binary = cloudEventFrom(
      attributesOfHeaders({ ...headers, 'ce-priority': '3', 'ce-urgent': 'true' }),
      CONTEXT,
    );
    expect(binary.identity).toBe(json.identity);
    expect(fromJson({ ...EVENT, priority: 4 }).identity).not.toBe(json.identity);
  });

  it('with names in other letters is read all the same', () => {
    expect(fromJson({ ...EVENT, correlationId: 'c' }).record.correlationId).toBe('c');
    expect(fromJson({ ...EVENT, correlationId: 'c', correlationid: 'exact' }).record.correlationId).toBe(
      'exact',
    );
  });

  it('with a bad traceparent is kept, with what it said', () => {
    const { record } = fromJson({ ...EVENT, traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` });
    expect(record.createdIn).toBeNull();
    expect(record.attributes).toEqual({ 'upshot.bad.traceparent': `00-${'0'.repeat(32)}-${SPAN}-01` });
  });

  it.each([
    [{ id: '' }, 'id is missing'],
    [{ id: 5 }, 'id must be a text'],
    [{ source: undefined }, 'source is missing'],
    [{ type: null }, 'type is missing'],
    [{ specversion: undefined }, 'specversion is missing'],
    [{ specversion: '0.3' }, 'specversion 0.3 is not supported: 1.0 is'],
    [{ time: 'yesterday' }, 'time is no RFC 3339 timestamp'],
    [{ time: '1969-12-31T23:59:59Z' }, 'time is out of range'],
    [{ correlationid: { a: 1 } }, 'correlationid must be a text'],
    [{ type: 'x'.repeat(2000) }, 'type is longer than 1024 bytes'],
  ])('with %j is rejected: %s', (changes, reason) => {
    expect(() => fromJson({ ...EVENT, ...changes })).toThrow(reason);
  });
});

describe('headers in binary mode', () => {
  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['100%', '100%'],
    ['"a \\"quoted\\" text"', 'a "quoted" text'],
    ['plain', 'plain'],
    [Buffer.from('schön').toString('latin1'), 'schön'],
    ['%2525', '%25'],
  ])('%s is %s', (header, text) => {
    expect(attributesOfHeaders({ 'ce-subject': header }).get('subject')).toBe(text);
  });

  it('carry the content type of the data', () => {
    expect(attributesOfHeaders({ 'content-type': 'text/xml', host: 'x' })).toEqual(
      new Map([['datacontenttype', 'text/xml']]),
    );
  });
});

describe('parseTraceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, true],
    [`00-${TRACE}-${SPAN}-00`, true],
    [`cc-${TRACE}-${SPAN}-01-what-the-future-brings`, true],
    [`00-${TRACE}-${SPAN}-01-more`, false],
    [`ff-${TRACE}-${SPAN}-01`, false],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`, false],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, false],
    [`00-${TRACE}-${SPAN}`, false],
    ['', false],
  ])('%s', (text, isValid) => {
    expect(parseTraceparent(text)).toEqual(isValid ? { traceId: TRACE, spanId: SPAN } : null);
  });
});

describe('parseRfc3339', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2026-09-21t12:13:20.5z', 1_789_992_800_500_000_000n],
    ['2026-09-21T12:13:20.1234567899-00:30', 1_789_994_600_123_456_789n],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000_000_000n],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000_000n],
  ])('%s', (text, expected) => {
    expect(parseRfc3339(text)).toBe(expected);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    'x',
  ])('%s is none', (text) => {
    expect(parseRfc3339(text)).toBeNull();
  });

  it('agrees with Date on milliseconds', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseRfc3339(date.toISOString())).toBe(BigInt(date.getTime()) * 1_000_000n);
      }),
    );
  });
});
