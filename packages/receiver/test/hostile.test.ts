import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeJson, decodeProtobuf } from './support/decodeBody.js';
import { protobufAttribute, toProtobuf } from './support/encodings.js';
import { encode } from './support/otlpSchema.js';
import { JSON_TYPE, PROTOBUF, post, run } from './support/running.js';
import {
  intAttribute,
  PARENT_ID,
  requestOf,
  SPAN_ID,
  sampleLink,
  sampleSpan,
  TRACE_ID,
  textAttribute,
} from './support/sample.js';

/** Within the limit of inflated bodies, and each the worst of its kind. None may take longer than the time limit of a test. */
const MOST = 64 * 1024 * 1024;

describe('bodies made to cost more than they weigh', () => {
  it.each([
    ['empty resources', Buffer.from([0x0a, 0])],
    ['empty scopes', Buffer.from([0x0a, 2, 0x12, 0])],
    ['empty spans', Buffer.from([0x0a, 4, 0x12, 2, 0x12, 0])],
  ])('of %s alone are refused', (_, unit) => {
    const body = Buffer.alloc(MOST - (MOST % unit.length), unit);
    expect(() => decodeProtobuf(body)).toThrow('more than 1000000 spans in one request');
  });

  it('of empty attributes, events, links or unknown fields in one span are read in one go', () => {
    for (const tag of [0x4a, 0x5a, 0x6a, 0x7a]) {
      const fields = Buffer.alloc(MOST - 1024, Buffer.from([tag, 0]));
      const { spans } = decodeProtobuf(inScope(spanWith(fields)));
      expect(spans).toHaveLength(1);
    }
  });

  it('with a resource in millions of pieces are read in one go', () => {
    const pieces = Buffer.alloc(MOST / 2, Buffer.from([0x0a, 2, 0x10, 1]));
    const spans = delimited(0x12, delimited(0x12, spanWith()));
    const { refusals } = decodeProtobuf(delimited(0x0a, Buffer.concat([pieces, spans])));
    expect(refusals.message()).toMatch(/its resource and scope are too large/);
  });

  it('with a large resource that thousands of scopes repeat are refused', () => {
    const resource = delimited(
      0x0a,
      encode('Resource', { attributes: [protobufAttribute(textAttribute('a', 'x'.repeat(60_000)))] }),
    );
    const scopes = Array.from({ length: 200_000 }, (_, i) =>
      delimited(
        0x12,
        Buffer.concat([encode('ScopeSpans', { scope: { name: `s${i}` } }), delimited(0x12, spanWith())]),
      ),
    );
    const body = delimited(0x0a, Buffer.concat([resource, ...scopes]));
    expect(() => decodeProtobuf(body)).toThrow('too many scopes below too large resources');
  });

  it('with links whose broker positions multiply are refused by name', () => {
    const long = (key: string, i: number) => textAttribute(key, `${i}${'x'.repeat(1000)}`);
    const attributes = [
      ...['messaging.destination.name', 'messaging.source.name', 'messaging.destination', 'kafka.topic'].map(
        long,
      ),
      ...['messaging.destination.partition.id', 'messaging.kafka.partition', 'kafka.partition'].map(long),
    ];
    const links = Array.from({ length: 16_000 }, (_, i) =>
      sampleLink({ attributes: [intAttribute('kafka.offset', i)] }),
    );
    const spans = Array.from({ length: 10 }, () => sampleSpan({ attributes, links }));
    const { refusals } = decodeProtobuf(toProtobuf(requestOf(...spans)));
    expect(refusals.message()).toMatch(/make too many broker positions/);
  });

  it('with tens of thousands of names that differ are stored', () => {
    const spans = Array.from({ length: 60_000 }, (_, i) =>
      sampleSpan({ name: `GET /orders/${i}`, parentSpanId: PARENT_ID }),
    );
    const { batch } = decodeProtobuf(toProtobuf(requestOf(...spans)));
    expect(batch.names.values).toHaveLength(60_000);
  });

  it.each(['{},', '[],', '{"a":{}},', '[[[[]]]],'])(
    'of JSON like %s are refused before they are parsed',
    (unit) => {
      const body = `[${unit.repeat(Math.floor((MOST - 4) / unit.length))}0]`;
      expect(() => decodeJson(body)).toThrow('more than 3000000 lists and objects');
    },
  );

  it('of JSON full of long numbers are read in one go', () => {
    const body = `{"resourceSpans":null,"x":[${'1234567890123456789,'.repeat(MOST / 20 - 10)}0]}`;
    expect(decodeJson(body).spans).toEqual([]);
  });

  it('as bombs over HTTP leave the receiver as it was', async () => {
    const receiver = await run();
    const bombs: [object, Buffer][] = [
      [JSON_TYPE, Buffer.from(`[${'{},'.repeat(MOST / 3 - 10)}0]`)],
      [PROTOBUF, Buffer.alloc(MOST - 2, Buffer.from([0x0a, 0]))],
      [PROTOBUF, Buffer.alloc(MOST + 10)],
    ];
    for (const [headers, bomb] of bombs) {
      const body = gzipSync(bomb);
      expect(body.length).toBeLessThan(100_000);
      const answer = await post(`${receiver.httpUrl}/v1/traces`, {
        headers: { ...headers, 'content-encoding': 'gzip' },
        body,
      });
      expect(answer.status).toBe(413);
    }
    expect(receiver.bytesInFlight).toBe(0);
    const good = await post(`${receiver.httpUrl}/v1/traces`, {
      headers: PROTOBUF,
      body: toProtobuf(requestOf(sampleSpan())),
    });
    expect(good.status).toBe(200);
  });
});

function spanWith(more: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([
    encode('Span', { traceId: TRACE_ID, spanId: SPAN_ID, startTimeUnixNano: '5' }),
    more,
  ]);
}

function inScope(span: Buffer): Buffer {
  return delimited(0x0a, delimited(0x12, delimited(0x12, span)));
}

/** A length-delimited field. */
function delimited(tag: number, value: Buffer): Buffer {
  const head = [tag];
  let rest = value.length;
  for (; rest > 127; rest >>>= 7) head.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), value]);
}
