import { isUtf8 } from 'node:buffer';
import { KeyKind, type SpanBatchBuilder } from '@upshot/model';
import { AttributeMatcher, Role } from './attributeMatcher.js';
import { writeText, writeVarintText } from './decimalText.js';
import { WireCursor } from './WireCursor.js';

/** Texts of numbers: one place for each slot, and one more for values that are keyed at once. 40 bytes hold any number's text. */
const TEXT_ROOM = 40;
const AT_ONCE = 31;
/** Longer names and positions are no broker's: Kafka's topics end at 249 characters. Such parts are stored, not keyed. */
const LONGEST_PART = 1024;
const NO_SLOTS = 0;

/** Where an attribute stands: what its value may be used for. */
export const Place = { other: 0, span: 1, link: 2, resource: 3 } as const;
export type Place = (typeof Place)[keyof typeof Place];

/** The parts of broker positions that a span, or one of its links, has stated. */
class Parts {
  /** Slots that hold a part, as a bit set. */
  present = NO_SLOTS;
  readonly texts: Uint8Array[] = new Array<Uint8Array>(32).fill(Buffer.alloc(0));
  readonly starts = new Int32Array(32);
  readonly ends = new Int32Array(32);
  /** Where the texts of numbers are written. */
  readonly numbers = Buffer.alloc(32 * TEXT_ROOM);
}

/**
 * Attributes at byte level: checks that a KeyValue is well-formed down to its last nested value, and turns IDs into look-up keys on
 * the way. What passes here can be decoded at any later time without an error.
 */
export class AttributeDecoder extends WireCursor {
  /** Set when a value is nested deeper than `maxDepth`; the caller resets it. */
  protected tooDeep = false;
  /** The text of `service.name` of the resource that was read last; null where it has none. */
  protected service: string | null = null;

  protected readonly spanParts = new Parts();
  protected readonly linkParts = new Parts();
  private readonly matcher = new AttributeMatcher();
  private readonly composed = Buffer.alloc(3 * LONGEST_PART + 2);
  /** The scalar that `value` saw last: its tag and its bytes. Tag 0 is none. */
  private scalarTag = 0;
  private scalarStart = 0;
  private scalarEnd = 0;

  constructor(private readonly maxDepth: number) {
    super();
  }

  /** One KeyValue in `bytes[start, end)`. */
  protected attribute(
    bytes: Uint8Array,
    start: number,
    end: number,
    place: Place,
    batch: SpanBatchBuilder | null,
  ): void {
    // Nearly all encoders write the key, then the value, and nothing else; nearly all keys and values are shorter than 128 bytes.
    if (start + 2 < end && bytes[start] === 0x0a && bytes[start + 1]! < 0x80) {
      const keyStart = start + 2;
      const keyEnd = keyStart + bytes[start + 1]!;
      const valueStart = keyEnd + 2;
      if (valueStart <= end && bytes[keyEnd] === 0x12) {
        const valueLength = bytes[keyEnd + 1]!;
        if (valueLength < 0x80 && valueStart + valueLength === end) {
          this.value(bytes, valueStart, end, 0);
          if (place === Place.other) return;
          const known = this.matcher.match(bytes, keyStart, keyEnd);
          if (known !== 0) this.use(known, place, bytes, valueStart, end, batch);
          return;
        }
      }
    }
    this.anyAttribute(bytes, start, end, place, batch);
  }

  /** A KeyValue with its fields in any order, missing or repeated. */
  private anyAttribute(
    bytes: Uint8Array,
    start: number,
    end: number,
    place: Place,
    batch: SpanBatchBuilder | null,
  ): void {
    let at = start;
    let keyStart = at;
    let keyEnd = at;
    let valueStart = -1;
    let valueEnd = -1;
    while (at < end) {
      const tag = this.tag(bytes, at, end);
      if (tag === 0x0a) {
        keyEnd = at = this.limit(bytes, this.at, end);
        keyStart = this.at;
      } else if (tag === 0x12) {
        valueEnd = at = this.limit(bytes, this.at, end);
        valueStart = this.at;
        this.value(bytes, valueStart, valueEnd, 0);
      } else at = this.skip(bytes, tag, this.at, end);
    }
    if (place === Place.other || valueStart < 0) return;
    const known = this.matcher.match(bytes, keyStart, keyEnd);
    if (known !== 0) this.use(known, place, bytes, valueStart, valueEnd, batch);
  }

  /**
   * One AnyValue in `bytes[start, end)`. Where several members of its oneof stand, the last wins.
   * @throws MalformedProtobuf
   */
  private value(bytes: Uint8Array, start: number, end: number, depth: number): void {
    if (start + 2 <= end && bytes[start] === 0x0a) {
      const length = bytes[start + 1]!;
      if (length < 0x80 && start + 2 + length === end) {
        this.scalarTag = 0x0a;
        this.scalarStart = start + 2;
        this.scalarEnd = end;
        return;
      }
    }
    let at = start;
    this.scalarTag = 0;
    while (at < end) {
      const tag = this.tag(bytes, at, end);
      const from = this.at;
      if (tag === 0x0a || tag === 0x3a) {
        at = this.limit(bytes, from, end);
        this.scalarTag = tag;
        this.scalarStart = this.at;
        this.scalarEnd = at;
      } else if (tag === 0x10 || tag === 0x18 || tag === 0x21) {
        at = this.skip(bytes, tag, from, end);
        this.scalarTag = tag;
        this.scalarStart = from;
        this.scalarEnd = at;
      } else if (tag === 0x2a || tag === 0x32) {
        at = this.limit(bytes, from, end);
        if (depth < this.maxDepth) this.nested(bytes, this.at, at, tag, depth + 1);
        else this.tooDeep = true;
        this.scalarTag = 0;
      } else at = this.skip(bytes, tag, from, end);
    }
  }

  /** An ArrayValue, or a KeyValueList. */
  private nested(bytes: Uint8Array, start: number, end: number, kind: number, depth: number): void {
    let at = start;
    while (at < end) {
      const tag = this.tag(bytes, at, end);
      if (tag !== 0x0a) {
        at = this.skip(bytes, tag, this.at, end);
        continue;
      }
      at = this.limit(bytes, this.at, end);
      if (kind === 0x2a) this.value(bytes, this.at, at, depth);
      else this.nestedKeyValue(bytes, this.at, at, depth);
    }
  }

  private nestedKeyValue(bytes: Uint8Array, start: number, end: number, depth: number): void {
    let at = start;
    while (at < end) {
      const tag = this.tag(bytes, at, end);
      if (tag === 0x12) {
        at = this.limit(bytes, this.at, end);
        this.value(bytes, this.at, at, depth);
      } else at = this.skip(bytes, tag, this.at, end);
    }
  }

  /** Does with a known attribute's value what its role says. `value` has just read it. */
  private use(
    known: number,
    place: Place,
    bytes: Uint8Array,
    start: number,
    end: number,
    batch: SpanBatchBuilder | null,
  ): void {
    const role = this.matcher.roles[known]! as Role;
    if (role === Role.service) {
      if (place === Place.resource) this.service = this.scalarText(bytes);
      return;
    }
    if (place === Place.resource || batch === null) return;
    const parts = place === Place.link ? this.linkParts : this.spanParts;
    const slot = this.matcher.slots[known]!;
    parts.present &= ~(1 << slot);
    if (this.scalarTag !== 0) this.useScalar(role, slot, parts, bytes, batch);
    else this.useElements(role, slot, parts, bytes, start, end, batch);
  }

  /** A list of values, as captured headers are. All IDs in it are keyed; interpretation takes the first. */
  private useElements(
    role: Role,
    slot: number,
    parts: Parts,
    bytes: Uint8Array,
    start: number,
    end: number,
    batch: SpanBatchBuilder,
  ): void {
    let isFirst = true;
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      if (tag !== 0x2a) continue;
      // `skip` has left the start of the list in the cursor's `at`.
      for (let element = this.at; element < at; ) {
        const elementTag = this.tag(bytes, element, at);
        element = this.skip(bytes, elementTag, this.at, at);
        if (elementTag !== 0x0a) continue;
        this.value(bytes, this.at, element, 1);
        if (this.scalarTag !== 0 && (isFirst || role <= Role.causationId)) {
          this.useScalar(role, isFirst ? slot : AT_ONCE, parts, bytes, batch);
        }
        isFirst = false;
      }
    }
  }

  private useScalar(
    role: Role,
    slot: number,
    parts: Parts,
    bytes: Uint8Array,
    batch: SpanBatchBuilder,
  ): void {
    const at = role === Role.correlationId || role === Role.causationId ? AT_ONCE : slot;
    if (!this.locateScalar(parts, at, bytes)) return;
    const text = parts.texts[at]!;
    const start = parts.starts[at]!;
    const end = parts.ends[at]!;
    switch (role) {
      case Role.correlationId:
        addTextKey(batch, KeyKind.correlation, text, start, end);
        return;
      case Role.causationId:
        addTextKey(batch, KeyKind.causation, text, start, end);
        return;
      case Role.eventId:
        addTextKey(batch, KeyKind.event, text, start, end);
        // Go's otelsarama writes the bare offset as message ID.
        if (at !== AT_ONCE && isDigits(text, start, end)) parts.present |= 1 << at;
        return;
      default:
        parts.present |= 1 << at;
    }
  }

  /** Puts the scalar that was read last into a slot, as text. False for an empty text and for bytes. */
  private locateScalar(parts: Parts, slot: number, bytes: Uint8Array): boolean {
    const { scalarTag, scalarStart, scalarEnd } = this;
    if (scalarTag === 0x0a) {
      parts.texts[slot] = bytes;
      parts.starts[slot] = scalarStart;
      parts.ends[slot] = scalarEnd;
      return scalarEnd > scalarStart;
    }
    const at = slot * TEXT_ROOM;
    let end: number;
    if (scalarTag === 0x18) end = writeVarintText(bytes, scalarStart, scalarEnd, parts.numbers, at);
    else if (scalarTag === 0x10) end = writeText(String(isTrue(bytes, scalarStart)), parts.numbers, at);
    else if (scalarTag === 0x21) end = writeText(String(double(bytes, scalarStart)), parts.numbers, at);
    else return false;
    parts.texts[slot] = parts.numbers;
    parts.starts[slot] = at;
    parts.ends[slot] = end;
    return true;
  }

  private scalarText(bytes: Uint8Array): string | null {
    const { spanParts: parts } = this;
    if (!this.locateScalar(parts, AT_ONCE, bytes)) return null;
    return decoder.decode(parts.texts[AT_ONCE]!.subarray(parts.starts[AT_ONCE]!, parts.ends[AT_ONCE]!));
  }

  /**
   * Keys each broker position that the parts make: destination, partition and offset, all that were stated of each.
   * What `parts` does not state is taken from `fallback` (a link's from its span).
   */
  protected addPositions(batch: SpanBatchBuilder, parts: Parts, fallback: Parts): void {
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
    places: Parts,
    partitions: Parts,
    offsets: Parts,
    offsetSlots: number,
  ): void {
    const { destinationSlots, partitionSlots } = this.matcher;
    for (let o = offsetSlots; o !== 0; o &= o - 1) {
      for (let d = places.present & destinationSlots; d !== 0; d &= d - 1) {
        for (let p = partitions.present & partitionSlots; p !== 0; p &= p - 1) {
          let end = this.compose(places, lowestBit(d), 0);
          end = this.compose(partitions, lowestBit(p), end < 0 ? end : this.dot(end));
          end = this.compose(offsets, lowestBit(o), end < 0 ? end : this.dot(end));
          if (end > 0) addTextKey(batch, KeyKind.event, this.composed, 0, end);
        }
      }
    }
  }

  /** Appends a part to the composed text; -1 where it is too long, or something before it was. */
  private compose(parts: Parts, slot: number, at: number): number {
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

const decoder = new TextDecoder();

/**
 * Keys a text. Bytes that are no UTF-8 are keyed as the text that a lenient decoder makes of them: that is how they will be read.
 */
function addTextKey(
  batch: SpanBatchBuilder,
  kind: KeyKind,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let all = 0;
  for (let i = start; i < end; i++) all |= bytes[i]!;
  if (all >= 0x80) {
    const text = bytes.subarray(start, end);
    if (!isUtf8(text)) {
      const mended = Buffer.from(decoder.decode(text));
      batch.addKey(kind, mended, 0, mended.length);
      return;
    }
  }
  batch.addKey(kind, bytes, start, end);
}

function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false;
  return end > start;
}

function lowestBit(set: number): number {
  return 31 - Math.clz32(set & -set);
}

function isTrue(bytes: Uint8Array, at: number): boolean {
  // As `decodeSpans` reads it: the low 32 bits of the varint.
  let low = 0;
  for (let i = at, shift = 0; shift < 32; i++, shift += 7) {
    low |= (bytes[i]! & 0x7f) << shift;
    if (bytes[i]! < 0x80) break;
  }
  return low !== 0;
}

function double(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true);
}
