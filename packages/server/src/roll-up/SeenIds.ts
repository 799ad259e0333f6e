import { type KeyHalves, KeyKind, keyOf } from '@upshot/model';
import { KeyFilter } from './KeyFilter.js';

/**
 * With eight probes one in three hundred IDs that were never seen passes for seen. The first layer holds some 90,000, ten of them 90 million in 134 MB: what would
 * come after that passes for seen.
 */
const SIZE = { bitsOfOne: 12, probes: 8, firstBits: 1 << 20, mostLayers: 10 };

/**
 * Which correlation IDs were ever met. Most IDs of what arrives are new, and the store need not be asked, at any age, who else has them. An ID that was met is never
 * told to be new.
 */
export class SeenIds {
  constructor(private readonly filter = new KeyFilter(SIZE)) {}

  /** Reads what `toText` wrote; null where it is something else. */
  static fromText(text: string): SeenIds | null {
    const written = JSON.parse(text) as readonly (readonly [left: number, bits: string])[];
    return Array.isArray(written) ? new SeenIds(KeyFilter.fromJson(SIZE, written)) : null;
  }

  toText(): string {
    return JSON.stringify(this.filter.toJson());
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
    return !this.filter.isFull && this.filter.add(low, high);
  }

  private hasKey(low: number, high: number): boolean {
    return this.filter.isFull || this.filter.has(low, high);
  }
}
