import { KeyKind, keyOf, keyText, linkId, MalformedProtobuf, SpanBatchBuilder } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, MENDED } from '../src/index.js';
import { ExportDecoder } from '../src/otlp/protobuf/ExportDecoder.js';
import { Refusals } from '../src/otlp/Refusals.js';
import { decodeProtobuf } from './support/decodeBody.js';
import { toProtobuf } from './support/encodings.js';
import { encode } from './support/otlpSchema.js';
import {
  intAttribute,
  NOW,
  nested,
  PARENT_ID,
  requestOf,
  SPAN_ID,
  sampleLink,
  sampleSpan,
  TRACE_ID,
  textAttribute,
} from './support/sample.js';

const good = sampleSpan({ name: 'good' });
const eventKey = (id: string) => keyText(keyOf(KeyKind.event, id));

describe('spans with bad IDs', () => {
  it.each([
    ['an all-zero trace ID', { traceId: Buffer.alloc(16) }, 'trace ID is all zero'],
    ['a short trace ID', { traceId: Buffer.alloc(8, 1) }, 'trace ID is not 16 bytes long'],
    ['no trace ID', { traceId: Buffer.alloc(0) }, 'trace ID is missing'],
    ['an all-zero span ID', { spanId: Buffer.alloc(8) }, 'span ID is all zero'],
    ['a long span ID', { spanId: Buffer.alloc(16, 1) }, 'span ID is not 8 bytes long'],
    ['no span ID', { spanId: Buffer.alloc(0) }, 'span ID is missing'],
  ])('with %s are refused by name, and cost their batch nothing', (_, changes, reason) => {
    const bad = sampleSpan({ name: 'bad', ...changes });
    const { spans, refusals } = decodeProtobuf(toProtobuf(requestOf(bad, good, bad)));
    expect(spans.map(({ name }) => name)).toEqual(['good']);
    expect(refusals.count).toBe(2);
    expect(refusals.message()).toBe(`2 spans: ${reason} (first: "bad")`);
  });

  it('leave none of their look-up keys with the next span', () => {
    const bad = sampleSpan({
      traceId: Buffer.alloc(16),
      attributes: [textAttribute('upshot.event_id', 'evt_1')],
    });
    const { keys } = decodeProtobuf(toProtobuf(requestOf(bad, good)));
    expect(keys).toEqual([[]]);
  });

  it('as parent are kept: as a root, with the bad ID as an attribute', () => {
    const odd = sampleSpan({ parentSpanId: Buffer.from('c0ffee', 'hex') });
    const { spans, batch } = decodeProtobuf(toProtobuf(requestOf(odd)));
    expect(spans[0]).toMatchObject({ parentSpanId: '' });
    expect(spans[0]!.attributes.get(MENDED.parentSpanId)).toBe('c0ffee');
    expect([...batch.entries]).toEqual([1]);
  });

  it('as parent, all zero, are roots like those without', () => {
    const { spans } = decodeProtobuf(toProtobuf(requestOf(sampleSpan({ parentSpanId: Buffer.alloc(8) }))));
    expect(spans[0]!.parentSpanId).toBe('');
    expect([...spans[0]!.attributes]).toEqual([]);
  });

  it('as link are kept, and are no key', () => {
    const odd = sampleSpan({ links: [sampleLink({ spanId: Buffer.alloc(3, 1) }), sampleLink()] });
    const { spans, keys } = decodeProtobuf(toProtobuf(requestOf(odd)));
    expect(spans[0]!.links.map(({ spanId }) => spanId)).toEqual(['', '00f067aa0ba902b7']);
    const id = linkId(TRACE_ID.toString('hex'), PARENT_ID.toString('hex'));
    expect(keys).toEqual([[keyText(keyOf(KeyKind.link, id))]]);
  });
});

describe('times', () => {
  const day = 86_400_000_000_000n;

  it('before the retention are refused with the reason, and on it kept', () => {
    const old = sampleSpan({ name: 'old', start: NOW - 1n });
    const body = toProtobuf(requestOf(old, sampleSpan({ name: 'on', start: NOW })));
    const { spans, refusals } = decodeProtobuf(body, { cutoff: NOW, retentionNano: 14n * day });
    expect(spans.map(({ name }) => name)).toEqual(['on']);
    expect(refusals.message()).toBe('1 span: started before the retention of 14 days (first: "old")');
  });

  it('that are not there are refused where there is a retention, and kept where there is none', () => {
    const body = toProtobuf(requestOf(sampleSpan({ start: 0n, end: 0n })));
    expect(decodeProtobuf(body, { cutoff: 1n }).refusals.message()).toMatch(/start time is zero/);
    expect(decodeProtobuf(body).spans[0]).toMatchObject({ startTimeUnixNano: 0n, endTimeUnixNano: 0n });
  });

  it('that end before they start, and that lie in the year 2262, are kept as they are', () => {
    const backwards = sampleSpan({ start: NOW, end: NOW - 7n });
    const late = sampleSpan({ start: 9_223_372_036_854_775_807n, end: 2n ** 64n - 1n });
    const { spans } = decodeProtobuf(toProtobuf(requestOf(backwards, late)), { cutoff: NOW - day });
    expect(spans.map((span) => span.endTimeUnixNano - span.startTimeUnixNano)).toEqual([-7n, 2n ** 63n]);
  });
});

describe('entries', () => {
  it.each([
    ['a span without parent', { parentSpanId: Buffer.alloc(0), kind: 1 }, 1],
    ['a server span', { kind: 2 }, 2],
    ['a consumer span', { kind: 5 }, 2],
    ['a child with a remote parent', { kind: 1, flags: 0x300 }, 2],
    ['a child with a local parent', { kind: 1, flags: 0x101 }, 0],
    ['a child that says "remote" without saying that it knows', { kind: 1, flags: 0x200 }, 0],
    ['a client span', { kind: 3 }, 0],
  ])('%s: %#', (_, changes, entry) => {
    expect([...decodeProtobuf(toProtobuf(requestOf(sampleSpan(changes)))).batch.entries]).toEqual([entry]);
  });
});

describe('what protobuf allows', () => {
  const span = encode('Span', { traceId: TRACE_ID, spanId: SPAN_ID, name: 'x', startTimeUnixNano: '5' });
  const wrap = (fields: Buffer) =>
    Buffer.concat([Buffer.from([0x0a, 2 + fields.length, 0x12, fields.length]), fields]);
  const inScope = (bytes: Buffer) => wrap(Buffer.concat([Buffer.from([0x12, bytes.length]), bytes]));

  it('an empty body, and empty messages on each level', () => {
    for (const body of [Buffer.alloc(0), Buffer.from([0x0a, 0]), Buffer.from([0x0a, 2, 0x12, 0])]) {
      expect(decodeProtobuf(body)).toMatchObject({ spans: [], refusals: { count: 0 } });
    }
  });

  it('a singular field twice: the last wins, messages are merged', () => {
    const again = encode('Span', { name: 'y', kind: 4, status: { code: 2 } });
    const twice = Buffer.concat([span, encode('Span', { status: { message: 'why' } }), again]);
    const { spans } = decodeProtobuf(inScope(twice));
    expect(spans[0]).toMatchObject({ name: 'y', kind: 4, status: { code: 2, message: 'why' } });
  });

  it('a resource in two pieces', () => {
    const piece = (key: string, value: string) => ({ attributes: [{ key, value: { stringValue: value } }] });
    const body = Buffer.concat([
      encode('ResourceSpans', { resource: piece('service.name', 'a'), scopeSpans: [] }),
      encode('ResourceSpans', { scopeSpans: [{ spans: [{ traceId: TRACE_ID, spanId: SPAN_ID }] }] }),
      encode('ResourceSpans', { resource: piece('host.name', 'h') }),
    ]);
    const { spans, services } = decodeProtobuf(Buffer.concat([Buffer.from([0x0a, body.length]), body]));
    expect([...spans[0]!.source.resource]).toEqual([
      ['service.name', 'a'],
      ['host.name', 'h'],
    ]);
    expect(services).toEqual(['a']);
  });

  it('fields of later versions, which stay with the span', () => {
    const later = Buffer.from([0xfa, 0x06, 3, 1, 2, 3]); // field 111, length-delimited
    const { batch, spans } = decodeProtobuf(inScope(Buffer.concat([later, span, later])));
    expect(spans[0]).toMatchObject({ name: 'x' });
    expect(Buffer.from(batch.tails.bytes)).toEqual(Buffer.concat([later, later]));
  });

  it('numbers of enums that nobody knows: unspecified and unset', () => {
    const odd = encode('Span', { traceId: TRACE_ID, spanId: SPAN_ID, kind: 77, status: { code: 300 } });
    expect(decodeProtobuf(inScope(odd)).spans[0]).toMatchObject({ kind: 0, status: { code: 0 } });
  });

  it('texts that are no UTF-8: read leniently, and keyed as they are read', () => {
    const broken = Buffer.from([0x65, 0xff, 0x76]);
    const odd = Buffer.concat([
      encode('Span', { traceId: TRACE_ID, spanId: SPAN_ID }),
      Buffer.concat([Buffer.from([0x2a, 3]), broken]),
      encode('Span', { attributes: [{ key: 'upshot.event_id', value: { bytesValue: broken } }] }),
    ]);
    // The bytes value becomes a string value of the same bytes.
    odd[odd.lastIndexOf(0x3a)] = 0x0a;
    const { spans, keys } = decodeProtobuf(inScope(odd));
    expect(spans[0]!.name).toBe('e\ufffdv');
    expect(spans[0]!.attributes.get('upshot.event_id')).toBe('e\ufffdv');
    expect(keys).toEqual([[eventKey('e\ufffdv')]]);
  });
});

describe('bodies that are no OTLP', () => {
  const body = toProtobuf(requestOf(good, sampleSpan({ attributes: [textAttribute('a', 'b')] })));

  it('cut anywhere, are undecodable, or end exactly between two fields of the outermost message', () => {
    for (let length = 1; length < body.length; length++) {
      expect(() => decodeProtobuf(body.subarray(0, length)), `cut at ${length}`).toThrow(MalformedProtobuf);
    }
  });

  it.each([
    ['a group', Buffer.from([0x0b, 0x0c])],
    ['field number 0', Buffer.from([0x02, 0x00])],
    ['a number of more than 10 bytes', Buffer.from([0x10, ...Array<number>(11).fill(0xff), 0])],
    ['text', Buffer.from('{"resourceSpans":[]}')],
  ])('%s is undecodable', (_, bytes) => {
    expect(() => decodeProtobuf(bytes)).toThrow(MalformedProtobuf);
  });

  it('leave nothing behind of the spans that came before the fault', () => {
    const builder = new SpanBatchBuilder();
    const decoder = new ExportDecoder(DEFAULT_LIMITS);
    decoder.decode(builder, body, 0n, new Refusals(null));
    const before = builder.mark();
    const other = toProtobuf(requestOf(sampleSpan({ name: 'never seen' }), sampleSpan()));
    const faulty = Buffer.concat([other, Buffer.from([0x0a, 0x7f])]);
    expect(() => decoder.decode(builder, faulty, 0n, new Refusals(null))).toThrow(MalformedProtobuf);
    expect(builder.mark()).toEqual(before);
    expect(builder.finish().names.values).toEqual(['good', 'reserve-inventory']);
  });
});

describe('limits of one span', () => {
  it('cut what is beyond, count it as dropped, and say so', () => {
    const rich = sampleSpan({
      attributes: [1, 2, 3].map((n) => intAttribute(`n${n}`, n)),
      events: ['a', 'b', 'c'].map((name) => ({ time: 1n, name, attributes: [], dropped: 0 })),
      links: [sampleLink(), sampleLink(), sampleLink()],
      droppedLinks: 4,
    });
    const limits = { attributesPerSpan: 2, eventsPerSpan: 1, linksPerSpan: 2 };
    const { spans } = decodeProtobuf(toProtobuf(requestOf(rich)), { limits });
    expect(Object.fromEntries(spans[0]!.attributes)).toEqual({
      n1: 1,
      n2: 2,
      [MENDED.attributesCut]: 1,
      [MENDED.eventsCut]: 2,
      [MENDED.linksCut]: 1,
    });
    expect(spans[0]!.events.map(({ name }) => name)).toEqual(['a']);
    expect(spans[0]!.links).toHaveLength(2);
    expect(spans[0]).toMatchObject({
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 5,
    });
  });

  it('refuse values that are nested deeper than they can be read back', () => {
    const deep = (levels: number) => sampleSpan({ attributes: [{ key: 'deep', value: nested(levels) }] });
    const { spans, refusals } = decodeProtobuf(toProtobuf(requestOf(deep(32), deep(33))));
    expect(spans).toHaveLength(1);
    expect(JSON.stringify(spans[0]!.attributes.get('deep'))).toContain('bottom');
    expect(refusals.message()).toMatch(/1 span: an attribute is nested too deep/);
  });

  it('refuse values nested ten thousand deep without exhausting the stack', () => {
    let value = encode('AnyValue', { stringValue: 'bottom' });
    for (let i = 0; i < 10_000; i++) {
      value = Buffer.concat([lengthDelimited(0x2a, lengthDelimited(0x0a, value))]);
    }
    const attribute = Buffer.concat([encode('KeyValue', { key: 'deep' }), lengthDelimited(0x12, value)]);
    const span = Buffer.concat([
      encode('Span', { traceId: TRACE_ID, spanId: SPAN_ID }),
      lengthDelimited(0x4a, attribute),
    ]);
    const body = lengthDelimited(0x0a, lengthDelimited(0x12, lengthDelimited(0x12, span)));
    expect(decodeProtobuf(body).refusals.message()).toMatch(/nested too deep/);
  });

  it('take ten thousand links in time that grows with them', () => {
    const links = Array.from({ length: 10_000 }, (_, i) => {
      const spanId = Buffer.alloc(8);
      spanId.writeUInt32BE(i + 1);
      return sampleLink({ spanId, attributes: [intAttribute('messaging.kafka.offset', i)] });
    });
    const attributes = [
      textAttribute('messaging.destination.name', 'orders'),
      textAttribute('messaging.destination.partition.id', '3'),
    ];
    const { keys } = decodeProtobuf(toProtobuf(requestOf(sampleSpan({ kind: 5, attributes, links }))));
    expect(keys[0]).toHaveLength(20_000);
    expect(keys[0]).toContain(eventKey('orders.3.9999'));
  });
});

describe('look-up keys', () => {
  const keysOf = (changes: Parameters<typeof sampleSpan>[0]) =>
    [...decodeProtobuf(toProtobuf(requestOf(sampleSpan(changes)))).keys[0]!].sort();

  it('are made of all IDs of a concept, not only of the first', () => {
    const attributes = [
      textAttribute('messaging.message.id', 'transport-1'),
      textAttribute('messaging.masstransit.message_id', 'logical-1'),
    ];
    expect(keysOf({ attributes })).toEqual([eventKey('transport-1'), eventKey('logical-1')].sort());
  });

  it('are the same for a number and for its text', () => {
    const kafka = [
      textAttribute('messaging.destination.name', 'orders'),
      textAttribute('messaging.destination.partition.id', '0'),
    ];
    const expected = [eventKey('orders.0.9007199254740993')];
    const number = intAttribute('messaging.kafka.offset', 9_007_199_254_740_993n);
    expect(keysOf({ attributes: [...kafka, number] })).toEqual(expected);
    const text = textAttribute('messaging.kafka.message.offset', '9007199254740993');
    expect(keysOf({ attributes: [text, ...kafka] })).toEqual(expected);
  });

  it.each([0, 7, 127, 128, 2 ** 31, 2 ** 40, -1, -(2 ** 50)])(
    'of the number %d are those of its digits',
    (id) => {
      expect(keysOf({ attributes: [intAttribute('bullmq.job.id', id)] })).toEqual([eventKey(String(id))]);
    },
  );

  it('take a bare offset in the place of the message ID for the position that it is', () => {
    const attributes = [
      textAttribute('messaging.message.id', '42'),
      textAttribute('messaging.destination.name', 'orders'),
      intAttribute('messaging.kafka.source.partition', 3),
    ];
    expect(keysOf({ attributes })).toEqual([eventKey('42'), eventKey('orders.3.42')].sort());
  });

  it('of a link take from its span what the link leaves out', () => {
    const links = [
      sampleLink({
        spanId: Buffer.alloc(0),
        attributes: [
          intAttribute('messaging.kafka.offset', 5),
          textAttribute('messaging.destination.partition.id', '9'),
        ],
      }),
      sampleLink({ spanId: Buffer.alloc(0), attributes: [intAttribute('messaging.kafka.offset', 6)] }),
    ];
    const attributes = [
      textAttribute('messaging.destination.name', 'orders'),
      textAttribute('messaging.destination.partition.id', '1'),
    ];
    expect(keysOf({ attributes, links })).toEqual([eventKey('orders.9.5'), eventKey('orders.1.6')].sort());
  });

  it('are not made of empty texts, of bytes, or of attributes that only look alike', () => {
    const attributes = [
      textAttribute('upshot.event_id', ''),
      { key: 'messaging.message.id', value: { kind: 'bytes' as const, value: Buffer.from('x') } },
      textAttribute('messaging.message.ids', 'x'),
      textAttribute('Messaging.message.id', 'x'),
      textAttribute('', 'x'),
    ];
    expect(keysOf({ attributes })).toEqual([]);
  });
});

function lengthDelimited(tag: number, value: Buffer): Buffer {
  const head: number[] = [tag];
  let rest = value.length;
  for (; rest > 127; rest >>>= 7) head.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), value]);
}
