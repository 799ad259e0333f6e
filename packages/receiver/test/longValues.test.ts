import { KeyKind, keyOf, keyText, type Span } from '@upshot/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MENDED } from '../src/index.js';
import { request } from './support/arbitraries.js';
import { decodeJson, decodeProtobuf } from './support/decodeBody.js';
import { toJson, toProtobuf } from './support/encodings.js';
import type { ModelValue } from './support/model.js';
import { requestOf, sampleLink, sampleSpan, textAttribute } from './support/sample.js';

const limits = { attributeBytes: 100 };
const long = (letter: string) => letter.repeat(5000);

/** The longest text anywhere in the values of a span, in bytes. */
function longestIn(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Map) return Math.max(0, ...[...value].flat().map(longestIn));
  if (Array.isArray(value)) return Math.max(0, ...value.map(longestIn));
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestIn));
}

const textsOf = ({ name, attributes, events, links, status }: Span) => ({
  name,
  attributes: new Map([...attributes].filter(([key]) => key !== MENDED.valuesCut)),
  events: events.map((event) => [event.name, event.attributes]),
  links: links.map((link) => link.attributes),
  status,
});

describe('values that are too long', () => {
  it('are cut wherever they stand, in either encoding, and the span says so', () => {
    const sent = requestOf(
      sampleSpan({
        name: long('n'),
        attributes: [textAttribute('text', long('a')), textAttribute('short', 'whole')],
        events: [
          { time: 5n, name: 'exception', attributes: [textAttribute('stack', long('e'))], dropped: 0 },
        ],
        links: [sampleLink({ attributes: [textAttribute('text', long('l'))] })],
        status: { code: 2, message: long('s') },
      }),
    );
    const body = toProtobuf(sent);
    const [span] = decodeProtobuf(body, { limits }).spans as [Span];
    expect(decodeJson(toJson(sent), { limits }).spans).toEqual([span]);
    expect(span.name).toBe('n'.repeat(100));
    expect(span.attributes.get('text')).toMatch(/^a{80,100}$/);
    expect(span.attributes.get('short')).toBe('whole');
    expect(span.events[0]).toMatchObject({ name: 'exception' });
    expect(span.events[0]!.attributes.get('stack')).toMatch(/^e{80,100}$/);
    expect(span.links[0]!.attributes.get('text')).toMatch(/^l{80,100}$/);
    expect(span.status).toEqual({ code: 2, message: 's'.repeat(100) });
    expect(span.attributes.get(MENDED.valuesCut)).toBe(5);
    expect(longestIn(textsOf(decodeProtobuf(body).spans[0]!))).toBe(5000);
  });

  it('of lists and maps are cut within one limit for all of them', () => {
    const values = Array.from({ length: 1000 }, (): ModelValue => ({ kind: 'text', value: 'element' }));
    const map: ModelValue = { kind: 'map', value: [{ key: 'list', value: { kind: 'list', value: values } }] };
    const [span] = decodeProtobuf(
      toProtobuf(requestOf(sampleSpan({ attributes: [{ key: 'map', value: map }] }))),
      {
        limits,
      },
    ).spans as [Span];
    const list = (span.attributes.get('map') as unknown as { list: unknown[] }).list;
    expect(list.length).toBeGreaterThan(5);
    expect(list.length).toBeLessThan(20);
    expect(span.attributes.get(MENDED.valuesCut)).toBe(1000 - list.filter((one) => one === 'element').length);
  });

  it('never end in the middle of a character', () => {
    for (const letter of ['ä', '€', '🧭'])
      for (let before = 0; before < 4; before++) {
        const value = 'x'.repeat(before) + letter.repeat(200);
        const body = toProtobuf(requestOf(sampleSpan({ attributes: [textAttribute('t', value)] })));
        const cut = decodeProtobuf(body, { limits }).spans[0]!.attributes.get('t') as string;
        expect(value.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeGreaterThan(90);
      }
  });

  it('are found by what is left of them', () => {
    const attributes = [textAttribute('messaging.message.conversation_id', long('c'))];
    const { spans, keys } = decodeProtobuf(toProtobuf(requestOf(sampleSpan({ attributes }))), { limits });
    const left = spans[0]!.attributes.get('messaging.message.conversation_id') as string;
    expect(left.length).toBeLessThan(100);
    expect(keys[0]).toContain(keyText(keyOf(KeyKind.correlation, left)));
  });

  it('leave every other span as it was, and any as readable as before', () => {
    fc.assert(
      fc.property(request, fc.integer({ min: 1, max: 200 }), (sent, most) => {
        const whole = decodeProtobuf(toProtobuf(sent));
        const cut = decodeProtobuf(toProtobuf(sent), { limits: { attributeBytes: most } });
        expect(cut.spans.length).toBe(whole.spans.length);
        cut.spans.forEach((span, n) => {
          if (span.attributes.has(MENDED.valuesCut)) {
            expect(longestIn(textsOf(span))).toBeLessThanOrEqual(most);
          } else expect(span).toEqual(whole.spans[n]);
        });
      }),
      { numRuns: 400, endOnFailure: true },
    );
  });
});
