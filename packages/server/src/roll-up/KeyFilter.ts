/** How fine a filter is, and how much it may hold. */
export interface KeyFilterSize {
  /** Bits a key; seven tenths as many probes are best. */
  readonly bitsOfOne: number;
  readonly probes: number;
  /** Bits of the first layer, a power of two. Each further one has twice as many. */
  readonly firstBits: number;
  readonly mostLayers: number;
}

interface Layer {
  readonly bits: Uint32Array;
  /** Keys that it still takes. */
  left: number;
}

/** Which 64-bit keys were ever added: a Bloom filter that grows (Almeida et al., Scalable Bloom Filters, 2007). A key that was added is never told to be new. */
export class KeyFilter {
  private readonly layers: Layer[] = [];

  constructor(private readonly size: KeyFilterSize) {}

  /** Of what `toJson` gave. */
  static fromJson(
    size: KeyFilterSize,
    written: readonly (readonly [left: number, bits: string])[],
  ): KeyFilter {
    const filter = new KeyFilter(size);
    for (const [left, bits] of written) filter.layers.push({ left, bits: wordsOf(bits) });
    return filter;
  }

  toJson(): [left: number, bits: string][] {
    return this.layers.map(({ left, bits }) => [left, textOf(bits)]);
  }

  /** Whether it takes no more: a key that is added then is forgotten. */
  get isFull(): boolean {
    return this.layers.length >= this.size.mostLayers && this.layers.at(-1)!.left === 0;
  }

  /** Halves of a key, which is a hash. Returns whether it was new. */
  add(low: number, high: number): boolean {
    if (this.has(low, high)) return false;
    const layer = this.open();
    if (layer === null) return true;
    layer.left--;
    for (let probe = 0; probe < this.size.probes; probe++) {
      const at = bitAt(layer.bits, low, high, probe);
      layer.bits[at >>> 5]! |= 1 << (at & 31);
    }
    return true;
  }

  has(low: number, high: number): boolean {
    return this.layers.some(({ bits }) => holds(bits, low, high, this.size.probes));
  }

  /** The layer that takes the next key; null where all are full. */
  private open(): Layer | null {
    const { bitsOfOne, firstBits, mostLayers } = this.size;
    const last = this.layers.at(-1);
    if (last !== undefined && last.left > 0) return last;
    if (this.layers.length >= mostLayers) return null;
    const count = firstBits * 2 ** this.layers.length;
    const layer = { bits: new Uint32Array(count / 32), left: Math.floor(count / bitsOfOne) };
    this.layers.push(layer);
    return layer;
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

function holds(bits: Uint32Array, low: number, high: number, probes: number): boolean {
  for (let probe = 0; probe < probes; probe++) {
    const at = bitAt(bits, low, high, probe);
    if ((bits[at >>> 5]! & (1 << (at & 31))) === 0) return false;
  }
  return true;
}

/** Two halves of a hash make as many as are wanted (Kirsch and Mitzenmacher, 2006); an even step would visit half of the bits. */
function bitAt(bits: Uint32Array, low: number, high: number, probe: number): number {
  return (low + Math.imul(probe, high | 1)) & (bits.length * 32 - 1);
}
