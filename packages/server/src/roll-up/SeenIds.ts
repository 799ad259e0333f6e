import { type KeyHalves, KeyKind, keyOf } from '@upshot/model';

/** Bits an ID: with eight probes each, one in three hundred IDs that were never seen passes for seen. */
const BITS_OF_ONE = 12;
const PROBES = 8;
/** Bits of the first layer: some 90,000 IDs. Each further one has twice as many. */
const FIRST_BITS = 1 << 20;
/** Ten layers: 134 MB and 90 million IDs. What would come after that passes for seen. */
const MOST_LAYERS = 10;

interface Layer {
  readonly bits: Uint32Array;
  left: number;
}

/**
 * Which correlation IDs were ever met: a Bloom filter that grows (Almeida et al., Scalable Bloom Filters, 2007). Most IDs of what arrives are new, and the
 * store need not be asked, at any age, who else has them. An ID that was met is never told to be new.
 */
export class SeenIds {
  private readonly layers: Layer[] = [];

  /** Reads what `toText` wrote; null where it is something else. */
  static fromText(text: string): SeenIds | null {
    const written = JSON.parse(text) as readonly (readonly [left: number, bits: string])[];
    if (!Array.isArray(written)) return null;
    const seen = new SeenIds();
    for (const [left, bits] of written) seen.layers.push({ left, bits: wordsOf(bits) });
    return seen;
  }

  toText(): string {
    return JSON.stringify(this.layers.map(({ left, bits }) => [left, textOf(bits)]));
  }

  has(id: string): boolean {
    const [low, high] = keyOf(KeyKind.correlation, id);
    return this.hasKey(low, high);
  }

  /** Returns the key of an ID that was not met before, null of one that was. */
  add(id: string): KeyHalves | null {
    const key = keyOf(KeyKind.correlation, id);
    return this.addKey(key[0], key[1]) ? key : null;
  }

  /** Returns whether it was new. */
  addKey(low: number, high: number): boolean {
    if (this.hasKey(low, high)) return false;
    let layer = this.layers.at(-1);
    if (layer === undefined || layer.left === 0) {
      const count = FIRST_BITS << this.layers.length;
      const isBeyond = this.layers.length === MOST_LAYERS;
      layer = { bits: new Uint32Array(isBeyond ? 0 : count / 32), left: Math.floor(count / BITS_OF_ONE) };
      this.layers.push(layer);
      if (isBeyond) return false;
    }
    layer.left--;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = bitAt(layer.bits, low, high, probe);
      layer.bits[at >>> 5]! |= 1 << (at & 31);
    }
    return true;
  }

  private hasKey(low: number, high: number): boolean {
    return this.layers.length > MOST_LAYERS || this.layers.some(({ bits }) => holds(bits, low, high));
  }
}

/** Words as base64 of their bytes. */
export function textOf(words: Uint32Array): string {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('base64');
}

export function wordsOf(text: string): Uint32Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return new Uint32Array(bytes.buffer, 0, bytes.byteLength >>> 2);
}

function holds(bits: Uint32Array, low: number, high: number): boolean {
  for (let probe = 0; probe < PROBES; probe++) {
    const at = bitAt(bits, low, high, probe);
    if ((bits[at >>> 5]! & (1 << (at & 31))) === 0) return false;
  }
  return true;
}

/** Two halves of a hash make as many as are wanted (Kirsch and Mitzenmacher, 2006); an even step would visit half of the bits. */
function bitAt(bits: Uint32Array, low: number, high: number, probe: number): number {
  return (low + Math.imul(probe, high | 1)) & (bits.length * 32 - 1);
}
