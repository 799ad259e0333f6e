import type { AttributeValue } from '../span/Span.js';

/**
 * Attributes as 32-bit hashes of key and value, by which workflows are looked for: four bytes of each attribute are kept, and one in four billion pairs is
 * mistaken for another, so whoever finds a workflow by it looks at the attribute itself. MurmurHash3's mixing (x86, 32 bit; Austin Appleby, public domain) over UTF-16
 * units. The hash is part of the stored format and never changes.
 */

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const SEED = 0x3f6a8885;
/** Hashes of keys are kept: they repeat in every span. Names with IDs in them must not fill the memory. */
const MOST_KEYS = 10_000;
const keys = new Map<string, number>();

/** Never 0: that stands for attributes that are not known. */
export function attributeHash(key: string, value: string): number {
  return finish(mixed(hashOfKey(key), value));
}

/** What an attribute is found by: as text where it is one value, each item of a list; never by the parts of a map, or by bytes. */
export function* textsOfAttribute(value: AttributeValue): Generator<string> {
  if (Array.isArray(value))
    for (const item of value as readonly AttributeValue[]) yield* textsOfAttribute(item);
  else if (typeof value !== 'object') yield String(value);
}

function hashOfKey(key: string): number {
  let hash = keys.get(key);
  if (hash === undefined) {
    hash = mixed(SEED, key);
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(key, hash);
  }
  return hash;
}

function mixed(from: number, text: string): number {
  let hash = from;
  for (let at = 0; at < text.length; at++) {
    let unit = Math.imul(text.charCodeAt(at), C1);
    unit = Math.imul((unit << 15) | (unit >>> 17), C2);
    hash ^= unit;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  // The length keeps a key and a value apart whose border is elsewhere.
  hash ^= text.length;
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
}

function finish(from: number): number {
  let hash = from ^ (from >>> 13);
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0 || 1;
}
