import { describe, expect, it } from 'vitest';
import { MENDED } from '../src/index.js';
import { jsonText } from '../src/json/jsonText.js';
import { BadField } from '../src/otlp/json/fields.js';
import { decodeJson } from './support/decodeBody.js';

const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';

function bodyOf(...spans: unknown[]) {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

function span(changes: object = {}) {
  return { traceId: TRACE, spanId: SPAN, name: 'x', startTimeUnixNano: '1790000000000000000', ...changes };
}

function attribute(value: unknown) {
  return span({ attributes: [{ key: 'a', value }] });
}

describe('OTLP/JSON', () => {
  it('takes nothing for an empty batch, on each level', () => {
    const bodies = [{}, { resourceSpans: null }, { resourceSpans: [] }, { resourceSpans: [{}] }, bodyOf()];
    for (const body of bodies) expect(decodeJson(body)).toMatchObject({ spans: [], refusals: { count: 0 } });
  });

  it('takes null for absent', () => {
    const nulls = {
      parentSpanId: null,
      traceState: null,
      kind: null,
      endTimeUnixNano: null,
      attributes: null,
      events: null,
      links: null,
      status: null,
      flags: null,
      droppedAttributesCount: null,
    };
    const { spans } = decodeJson({
      resourceSpans: [{ resource: null, scopeSpans: [{ scope: null, spans: [span(nulls)] }] }],
    });
    expect(spans[0]).toMatchObject({ parentSpanId: '', kind: 0, endTimeUnixNano: 0n, links: [], flags: 0 });
  });

  it('takes IDs in hex of either case, and in base64', () => {
    const ids = [
      [TRACE, SPAN],
      [TRACE.toUpperCase(), SPAN.toUpperCase()],
      [Buffer.from(TRACE, 'hex').toString('base64'), Buffer.from(SPAN, 'hex').toString('base64')],
    ];
    const { spans } = decodeJson(bodyOf(...ids.map(([traceId, spanId]) => span({ traceId, spanId }))));
    expect(spans.map(({ traceId, spanId }) => [traceId, spanId])).toEqual(ids.map(() => [TRACE, SPAN]));
  });

  it('keeps all digits of 64-bit integers that stand as numbers', () => {
    const text = JSON.stringify(bodyOf(attribute({ intValue: '#' })))
      .replace('"#"', '-9223372036854775808')
      .replace('"1790000000000000000"', '1790000000000000001');
    const { spans } = decodeJson(text);
    expect(spans[0]!.startTimeUnixNano).toBe(1_790_000_000_000_000_001n);
    expect(spans[0]!.attributes.get('a')).toBe(-9_223_372_036_854_775_808n);
  });

  it.each([
    [{ stringValue: 'text' }, 'text'],
    [{ boolValue: false }, false],
    [{ intValue: '12' }, 12],
    [{ intValue: 12 }, 12],
    [{ doubleValue: 1.5 }, 1.5],
    [{ doubleValue: '-Infinity' }, Number.NEGATIVE_INFINITY],
    [{ doubleValue: '2.5' }, 2.5],
    [{ arrayValue: { values: [{ intValue: 1 }, null, {}] } }, [1, null, null]],
    [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, { k: true }],
    [{ bytesValue: 'AQL/' }, new Uint8Array([1, 2, 255])],
    [{ string_value: 'snake' }, 'snake'],
    [{ somethingNew: 1 }, null],
    [{}, null],
    [null, null],
  ])('reads the value %j', (value, expected) => {
    const { spans } = decodeJson(bodyOf(attribute(value)));
    expect(spans[0]!.attributes.get('a')).toEqual(expected);
  });

  it.each([
    [{ traceId: 'xyz' }, 'trace ID is neither 32 hex digits nor base64 of 16 bytes'],
    [{ traceId: '00'.repeat(16) }, 'trace ID is all zero'],
    [{ traceId: 'abcdef' }, 'trace ID is not 16 bytes long'],
    [{ traceId: undefined }, 'trace ID is missing'],
    [{ spanId: '0000000000000000' }, 'span ID is all zero'],
    [{ spanId: 7 }, 'spanId is not a text'],
    [{ name: ['x'] }, 'name is not a text'],
    [{ startTimeUnixNano: 'yesterday' }, 'startTimeUnixNano is not an unsigned 64-bit integer'],
    [{ startTimeUnixNano: '-5' }, 'startTimeUnixNano is not an unsigned 64-bit integer'],
    [{ endTimeUnixNano: '18446744073709551616' }, 'endTimeUnixNano is not an unsigned 64-bit integer'],
    [{ attributes: {} }, 'attributes is not a list'],
    [{ attributes: ['a'] }, 'an attribute is not an object'],
    [{ attributes: [{ key: 'k', value: 'bare' }] }, 'the value of attribute "k" is not an object'],
    [
      { attributes: [{ key: 'k', value: { intValue: 1.5 } }] },
      'intValue of attribute "k" is not a 64-bit integer',
    ],
    [{ attributes: [{ key: 'k', value: { stringValue: 5 } }] }, 'stringValue of attribute "k" is not a text'],
    [
      { attributes: [{ key: 'k', value: { boolValue: 1 } }] },
      'boolValue of attribute "k" is not true or false',
    ],
    [{ flags: -1 }, 'flags is not an unsigned 32-bit integer'],
    [{ kind: {} }, 'kind is neither a name nor a number'],
    [{ status: 'ERROR' }, 'status is not an object'],
    [{ events: [7] }, 'an event is not an object'],
    [{ links: [[]] }, 'a link is not an object'],
  ])('refuses a span with %j, says why, and keeps the others', (changes, reason) => {
    const { spans, refusals } = decodeJson(
      bodyOf(span({ name: 'before' }), span(changes), span({ name: 'after' })),
    );
    expect(spans.map(({ name }) => name)).toEqual(['before', 'after']);
    expect(refusals.count).toBe(1);
    expect(refusals.message()).toContain(reason);
  });

  it.each([[5], [null], ['span'], [[]]])('refuses %j in the place of a span', (odd) => {
    const { spans, refusals } = decodeJson(bodyOf(odd, span()));
    expect(spans).toHaveLength(1);
    expect(refusals.message()).toBe('1 span: a span is not an object');
  });

  it.each([
    ['a parent that is no hex', { parentSpanId: 'not-hex!' }, 'not-hex!'],
    ['a parent of the wrong size', { parentSpanId: 'ABCD' }, 'abcd'],
  ])('keeps a span with %s as a root, with what it said', (_, changes, kept) => {
    const { spans } = decodeJson(bodyOf(span(changes)));
    expect(spans[0]!.parentSpanId).toBe('');
    expect(spans[0]!.attributes.get(MENDED.parentSpanId)).toBe(kept);
  });

  it('keeps links with bad IDs, recognisable as bad', () => {
    const links = [
      { traceId: 'sixteen letters!', spanId: 'not-hex!' },
      { traceId: TRACE, spanId: SPAN },
    ];
    const { spans, keys } = decodeJson(bodyOf(span({ links })));
    expect(spans[0]!.links.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([
      ['', ''],
      [TRACE, SPAN],
    ]);
    expect(keys[0]).toHaveLength(1);
  });

  it('refuses values nested beyond all reason, without exhausting the stack', () => {
    const depth = 20_000;
    const deep = `{"arrayValue":{"values":[`.repeat(depth) + ']}}'.repeat(depth);
    const text = JSON.stringify(bodyOf(span({ name: 'deep', attributes: '#' }), span()));
    const { spans, refusals } = decodeJson(text.replace('"#"', `[{"key":"k","value":${deep}}]`));
    expect(spans).toHaveLength(1);
    expect(refusals.message()).toContain('attribute "k" is nested too deep');
  });

  it.each([
    ['not JSON', SyntaxError, '{"resourceSpans"'],
    ['no object', BadField, '[]'],
    ['a list that is none', BadField, '{"resourceSpans":{}}'],
    ['an element that is none', BadField, '{"resourceSpans":[7]}'],
    ['a resource that is none', BadField, '{"resourceSpans":[{"resource":7}]}'],
  ])('is undecodable where it is %s', (_, error, text) => {
    expect(() => decodeJson(text)).toThrow(error);
  });

  it('may begin with a byte order mark', () => {
    expect(decodeJson(`\ufeff${JSON.stringify(bodyOf(span()))}`).spans).toHaveLength(1);
  });
});

describe('jsonText', () => {
  it.each([
    ['[1234567890123456]', '["1234567890123456"]'],
    ['{"a": -1234567890123456789 }', '{"a": "-1234567890123456789" }'],
    ['{"a":123,"b":1234567890123456}', '{"a":123,"b":"1234567890123456"}'],
    ['[0.1234567890123456789, 1234567890123456.5, 1234567890123456e3]', null],
    ['{"text": "x: 1234567890123456789"}', null],
    ['{"\\": 1234567890123456789": 1}', null],
    ['["a\\\\", 1234567890123456]', '["a\\\\", "1234567890123456"]'],
    ['["open 1234567890123456, : 1234567890123456', null],
  ])('%s', (given, expected) => {
    expect(jsonText(Buffer.from(given), 100)).toBe(expected ?? given);
  });
});
