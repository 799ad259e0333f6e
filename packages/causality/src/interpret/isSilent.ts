import { ATTRIBUTES, type Concept } from '@upshot/conventions';
import type { Attributes } from '@upshot/model';

/** Concepts are bits of two numbers: small integers hold 31. */
const BITS = 30;
const CONCEPTS = Object.keys(ATTRIBUTES) as Concept[];
const PLACE = new Map(
  CONCEPTS.map((concept, at) => [concept, { word: Math.floor(at / BITS), bit: 1 << (at % BITS) }]),
);
const WORDS = Math.ceil(CONCEPTS.length / BITS);

/** Attribute key → the concepts of which it says something. */
const SPEAKS = new Map<string, Int32Array>();
for (const concept of CONCEPTS) {
  const { word, bit } = PLACE.get(concept)!;
  for (const key of ATTRIBUTES[concept]) {
    const speaks = SPEAKS.get(key) ?? new Int32Array(WORDS);
    speaks[word]! |= bit;
    SPEAKS.set(key, speaks);
  }
}

/** What was asked about lately: those of a span and of its resource, in turn. */
interface Heard {
  attributes: Attributes | null;
  size: number;
  readonly concepts: Int32Array;
}
const heard: [Heard, Heard] = [nothing(), nothing()];

/**
 * Whether no key of a concept is among attributes. Some fifty concepts with some two hundred keys are asked of each span, which has a dozen attributes: these are looked
 * up once, and not each key of each concept.
 */
export function isSilent(attributes: Attributes, concept: Concept): boolean {
  const { word, bit } = PLACE.get(concept)!;
  return (conceptsIn(attributes)[word]! & bit) === 0;
}

function conceptsIn(attributes: Attributes): Int32Array {
  const [last, before] = heard;
  if (last.attributes === attributes && last.size === attributes.size) return last.concepts;
  heard[0] = before;
  heard[1] = last;
  if (before.attributes === attributes && before.size === attributes.size) return before.concepts;
  before.attributes = attributes;
  before.size = attributes.size;
  before.concepts.fill(0);
  for (const key of attributes.keys()) {
    const speaks = SPEAKS.get(key);
    if (speaks !== undefined) for (let at = 0; at < WORDS; at++) before.concepts[at]! |= speaks[at]!;
  }
  return before.concepts;
}

function nothing(): Heard {
  return { attributes: null, size: 0, concepts: new Int32Array(WORDS) };
}
