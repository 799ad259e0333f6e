import { KeyKind, keyOf } from '@upshot/model';

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

  has(id: string): boolean {
    if (this.layers.length > MOST_LAYERS) return true;
    const [low, high] = keyOf(KeyKind.correlation, id);
    return this.layers.some(({ bits }) => holds(bits, low, high));
  }

  add(id: string): void {
    const [low, high] = keyOf(KeyKind.correlation, id);
    if (this.layers.length > MOST_LAYERS || this.layers.some(({ bits }) => holds(bits, low, high))) return;
    let layer = this.layers.at(-1);
    if (layer === undefined || layer.left === 0) {
      const count = FIRST_BITS << this.layers.length;
      layer = {
        bits: new Uint32Array(this.layers.length < MOST_LAYERS ? count / 32 : 0),
        left: Math.floor(count / BITS_OF_ONE),
      };
      this.layers.push(layer);
      if (this.layers.length > MOST_LAYERS) return;
    }
    layer.left--;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = bitAt(layer.bits, low, high, probe);
      layer.bits[at >>> 5]! |= 1 << (at & 31);
    }
  }
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
