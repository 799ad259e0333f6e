import { ATTRIBUTES, KEY_CONCEPTS } from '@upshot/conventions';
import fc from 'fast-check';
import type { JsonStyle } from './encodings.js';
import type {
  ModelAttribute,
  ModelEvent,
  ModelLink,
  ModelRequest,
  ModelResource,
  ModelScope,
  ModelSpan,
  ModelValue,
} from './model.js';

const MOST_INT64 = (1n << 63n) - 1n;
const MOST_UINT64 = (1n << 64n) - 1n;

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const count = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(0xffffffff));
const bytesOf = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).filter((bytes) => bytes.some((byte) => byte !== 0));
const traceId = bytesOf(16);
const spanId = bytesOf(8);
const time = fc.oneof(
  fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_900_000_000_000_000_000n }),
  fc.bigInt({ min: 1n, max: MOST_UINT64 }),
);
const double = fc.double().filter((value) => !Object.is(value, -0));

const scalar: fc.Arbitrary<ModelValue> = fc.oneof(
  text.map((value): ModelValue => ({ kind: 'text', value })),
  fc.boolean().map((value): ModelValue => ({ kind: 'bool', value })),
  fc
    .oneof(
      fc.bigInt({ min: -1000n, max: 1_000_000_000_000n }),
      fc.bigInt({ min: -MOST_INT64 - 1n, max: MOST_INT64 }),
    )
    .map((value): ModelValue => ({ kind: 'int', value })),
  double.map((value): ModelValue => ({ kind: 'double', value })),
);

const { value } = fc.letrec<{ value: ModelValue; attribute: ModelAttribute }>((tie) => ({
  attribute: fc.record({ key: text, value: tie('value') }),
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.uint8Array({ maxLength: 20 }).map((bytes): ModelValue => ({ kind: 'bytes', value: bytes })),
    fc.constant<ModelValue>({ kind: 'unset' }),
    fc.array(tie('value'), { maxLength: 4 }).map((values): ModelValue => ({ kind: 'list', value: values })),
    fc
      .array(tie('attribute'), { maxLength: 4 })
      .map((values): ModelValue => ({ kind: 'map', value: values })),
  ),
}));

/** Keys that make look-up keys come up half of the time: among random ones they never would. */
const knownKey = fc.constantFrom(...KEY_CONCEPTS.flatMap((concept) => [...ATTRIBUTES[concept]]));
const attribute: fc.Arbitrary<ModelAttribute> = fc.oneof(
  fc.record({ key: knownKey, value: fc.oneof({ weight: 4, arbitrary: scalar }, value) }),
  fc.record({ key: text, value }),
);
const attributes = fc.array(attribute, { maxLength: 10 });

const event: fc.Arbitrary<ModelEvent> = fc.record({ time, name: text, attributes, dropped: count });
const link: fc.Arbitrary<ModelLink> = fc.record({
  traceId,
  spanId,
  traceState: text,
  attributes,
  dropped: count,
  flags: count,
});

export const span: fc.Arbitrary<ModelSpan> = fc.record({
  traceId,
  spanId,
  parentSpanId: fc.oneof(fc.constant(new Uint8Array(0)), spanId),
  traceState: text,
  name: text,
  kind: fc.nat(5),
  start: time,
  end: fc.oneof(time, fc.constant(0n)),
  attributes,
  droppedAttributes: count,
  events: fc.array(event, { maxLength: 3 }),
  droppedEvents: count,
  links: fc.array(link, { maxLength: 3 }),
  droppedLinks: count,
  status: fc.record({ code: fc.nat(2), message: text }),
  flags: count,
});

const scope: fc.Arbitrary<ModelScope> = fc.record({
  name: text,
  version: text,
  attributes: fc.array(attribute, { maxLength: 3 }),
  schemaUrl: text,
  spans: fc.array(span, { maxLength: 5 }),
});

const resource: fc.Arbitrary<ModelResource> = fc.record({
  attributes: fc.oneof(
    attributes,
    text.map((name): ModelAttribute[] => [{ key: 'service.name', value: { kind: 'text', value: name } }]),
  ),
  schemaUrl: text,
  scopes: fc.array(scope, { maxLength: 3 }),
});

export const request: fc.Arbitrary<ModelRequest> = fc.array(resource, { maxLength: 3 });

export const jsonStyle: fc.Arbitrary<JsonStyle> = fc.record({
  ids: fc.constantFrom('hex', 'HEX', 'base64'),
  integers: fc.constantFrom('text', 'number'),
  enums: fc.constantFrom('number', 'name'),
  names: fc.constantFrom('camel', 'snake'),
});
