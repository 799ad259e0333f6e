import { ATTRIBUTES, type KeyConcept } from '@upshot/conventions';
import {
  type Attributes,
  type AttributeValue,
  KeyKind,
  keyOf,
  keyText,
  linkId,
  positionId,
  type Span,
} from '@upshot/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonStyle, request, span } from './support/arbitraries.js';
import { decodeJson, decodeProtobuf } from './support/decodeBody.js';
import { toJson, toProtobuf } from './support/encodings.js';
import { expectedSpans, type ModelRequest } from './support/model.js';
import { shuffledFields } from './support/shuffledFields.js';

describe('OTLP of any content', () => {
  it('is read back as it was sent in protobuf', () => {
    fc.assert(
      fc.property(request, (sent) => {
        const { spans, refusals } = decodeProtobuf(toProtobuf(sent));
        expect(refusals.count).toBe(0);
        expect(spans).toEqual(expectedSpans(sent));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the same rows and keys in JSON, in whichever of its styles', () => {
    fc.assert(
      fc.property(request, jsonStyle, (sent, style) => {
        const binary = decodeProtobuf(toProtobuf(sent));
        const json = decodeJson(toJson(sent, style));
        expect(json.spans).toEqual(binary.spans);
        expect(json.keys).toEqual(binary.keys);
        expect(json.services).toEqual(binary.services);
        expect(json.batch.entries).toEqual(binary.batch.entries);
      }),
      { numRuns: 300 },
    );
  });

  it('means the same in any order of its fields', () => {
    fc.assert(
      fc.property(request, fc.infiniteStream(fc.nat()), (sent, random) => {
        const plain = decodeProtobuf(toProtobuf(sent));
        const shuffled = decodeProtobuf(
          shuffledFields(toProtobuf(sent), () => random.next().value as number),
        );
        expect(shuffled.spans).toEqual(plain.spans);
        expect(shuffled.keys.map(sorted)).toEqual(plain.keys.map(sorted));
        expect(shuffled.services).toEqual(plain.services);
      }),
      { numRuns: 300 },
    );
  });

  it('means the same in one request or in many', () => {
    fc.assert(
      fc.property(request, (sent) => {
        const whole = decodeProtobuf(toProtobuf(sent));
        const parts = singles(sent).map((one) => decodeProtobuf(toProtobuf(one)));
        expect(parts.flatMap((part) => part.spans)).toEqual(whole.spans);
        expect(parts.flatMap((part) => part.keys)).toEqual(whole.keys);
      }),
      { numRuns: 100 },
    );
  });

  it('is keyed by every ID that interpretation can read from it', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 4 }), (spans) => {
        const decoded = decodeProtobuf(toProtobuf(oneScope(spans)));
        decoded.spans.forEach((one, row) => {
          expect(decoded.keys[row]).toEqual(expect.arrayContaining(keysSaid(one)));
        });
      }),
      { numRuns: 500 },
    );
  });
});

function oneScope(spans: ModelRequest[number]['scopes'][number]['spans']): ModelRequest {
  return [
    {
      attributes: [],
      schemaUrl: '',
      scopes: [{ name: '', version: '', attributes: [], schemaUrl: '', spans }],
    },
  ];
}

/** Each span in a request of its own. */
function singles(sent: ModelRequest): ModelRequest[] {
  return sent.flatMap((resource) =>
    resource.scopes.flatMap((scope) =>
      scope.spans.map((one): ModelRequest => [{ ...resource, scopes: [{ ...scope, spans: [one] }] }]),
    ),
  );
}

function sorted(keys: readonly string[]): string[] {
  return [...keys].sort();
}

/** The keys of all IDs that a span states by the vocabulary, read from its decoded attributes: the slow and obvious way. */
function keysSaid({ attributes, links }: Span): string[] {
  const keys = ids(attributes);
  for (const link of links) {
    keys.push(keyText(keyOf(KeyKind.link, linkId(link.traceId, link.spanId))), ...ids(link.attributes));
    const part = (concept: KeyConcept) => said(link.attributes, concept) ?? said(attributes, concept);
    const stated = ['destination', 'partition', 'offset'] as const;
    if (stated.some((concept) => said(link.attributes, concept) !== null)) keys.push(...position(part));
  }
  keys.push(...position((concept) => said(attributes, concept)));
  return keys;
}

function ids(attributes: Attributes): string[] {
  const kinds = {
    eventId: KeyKind.event,
    correlationId: KeyKind.correlation,
    causationId: KeyKind.causation,
  } as const;
  return Object.entries(kinds).flatMap(([concept, kind]) =>
    ATTRIBUTES[concept as keyof typeof kinds]
      .map((key) => textOf(attributes.get(key)))
      .filter((text) => text !== null)
      .map((text) => keyText(keyOf(kind, text))),
  );
}

function position(part: (concept: KeyConcept) => string | null): string[] {
  const [destination, partition, offset] = [part('destination'), part('partition'), part('offset')];
  if (destination === null || partition === null || offset === null) return [];
  return [keyText(keyOf(KeyKind.event, positionId(destination, partition, offset)))];
}

/** The first key of the table that is present and not empty, as interpretation reads it. */
function said(attributes: Attributes, concept: KeyConcept): string | null {
  for (const key of ATTRIBUTES[concept]) {
    const text = textOf(attributes.get(key));
    if (text !== null) return text;
  }
  return null;
}

function textOf(value: AttributeValue | undefined): string | null {
  if (Array.isArray(value)) return Array.isArray(value[0]) ? null : textOf(value[0]);
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return null;
  return value === '' ? null : String(value);
}
