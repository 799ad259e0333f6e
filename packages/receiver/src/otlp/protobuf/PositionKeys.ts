import { KeyKind, type SpanBatchBuilder } from '@upshot/model';
import type { AttributeMatcher } from './attributeMatcher.js';
import type { PositionParts } from './PositionParts.js';
import { addTextKey } from './textKey.js';

/** Longer names and positions are no broker's: Kafka's topics end at 249 characters. Such parts are stored, not keyed. */
const LONGEST_PART = 1024;
const FREE_BYTES = 1024 * 1024;
const MOST_TIMES = 8;

/** Broker positions as look-up keys: the bytes that `positionId` of the model would have. */
export class PositionKeys {
  private readonly composed = Buffer.alloc(3 * LONGEST_PART + 2);
  /** Bytes of positions that may still be made of the request under way. */
  private left = 0;

  constructor(private readonly matcher: AttributeMatcher) {}

  /**
   * Begins a request of `bytes`. Each attribute that states a part may stand under several names, and the names of destination, partition and
   * offset multiply: what honest links make is a few times their own size, what others could make has no bound.
   */
  begin(bytes: number): void {
    this.left = FREE_BYTES + bytes * MOST_TIMES;
  }

  /** Whether the request under way has made more of positions than it may. */
  get isExhausted(): boolean {
    return this.left < 0;
  }

  /**
   * Keys each broker position that the parts make: destination, partition and offset, all that were stated of each.
   * What `parts` does not state is taken from `fallback` (a link's from its span).
   */
  add(batch: SpanBatchBuilder, parts: PositionParts, fallback: PositionParts): void {
    const { destinationSlots, partitionSlots, offsetSlots, eventIdSlots } = this.matcher;
    const places = (parts.present & destinationSlots) !== 0 ? parts : fallback;
    const partitions = (parts.present & partitionSlots) !== 0 ? parts : fallback;
    const slots = offsetSlots | eventIdSlots;
    this.addProducts(batch, places, partitions, parts, parts.present & slots);
    if (parts !== fallback && (parts.present & offsetSlots) === 0) {
      this.addProducts(batch, places, partitions, fallback, fallback.present & slots);
    }
  }

  private addProducts(
    batch: SpanBatchBuilder,
    places: PositionParts,
    partitions: PositionParts,
    offsets: PositionParts,
    offsetSlots: number,
  ): void {
    const { destinationSlots, partitionSlots } = this.matcher;
    for (let o = offsetSlots; o !== 0 && this.left >= 0; o &= o - 1) {
      for (let d = places.present & destinationSlots; d !== 0; d &= d - 1) {
        for (let p = partitions.present & partitionSlots; p !== 0; p &= p - 1) {
          let end = this.compose(places, lowestBit(d), 0);
          end = this.compose(partitions, lowestBit(p), end < 0 ? end : this.dot(end));
          end = this.compose(offsets, lowestBit(o), end < 0 ? end : this.dot(end));
          if (end < 0) continue;
          this.left -= end;
          addTextKey(batch, KeyKind.event, this.composed, 0, end);
        }
      }
    }
  }

  /** Appends a part to the composed text; -1 where it is too long, or something before it was. */
  private compose(parts: PositionParts, slot: number, at: number): number {
    if (at < 0) return -1;
    const start = parts.starts[slot]!;
    const length = parts.ends[slot]! - start;
    if (length > LONGEST_PART) return -1;
    const text = parts.texts[slot]!;
    for (let i = 0; i < length; i++) this.composed[at + i] = text[start + i]!;
    return at + length;
  }

  private dot(at: number): number {
    this.composed[at] = 0x2e;
    return at + 1;
  }
}

function lowestBit(set: number): number {
  return 31 - Math.clz32(set & -set);
}
