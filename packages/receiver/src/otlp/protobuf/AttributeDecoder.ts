import { KeyKind, type SpanBatchBuilder } from '@upshot/model';
import { AT_ONCE, AttributeMatcher, Role } from './attributeMatcher.js';
import { PositionKeys } from './PositionKeys.js';
import { PositionParts } from './PositionParts.js';
import { addTextKey, isDigits } from './textKey.js';
import { ValueCursor } from './ValueCursor.js';

const decoder = new TextDecoder();

/** Where an attribute stands: what its value may be used for. */
export const Place = { other: 0, span: 1, link: 2, resource: 3 } as const;
export type Place = (typeof Place)[keyof typeof Place];

/**
 * Attributes at byte level: checks that a KeyValue is well-formed down to its last nested value, and turns IDs into look-up keys on
 * the way. What passes here can be decoded at any later time without an error.
 */
export class AttributeDecoder extends ValueCursor {
  /** The text of `service.name` of the resource that was read last; null where it has none. */
  protected service: string | null = null;

  protected readonly spanParts = new PositionParts();
  protected readonly linkParts = new PositionParts();
  /** Whether an attribute was read that tells of an exception; the caller resets it. */
  protected isException = false;
  private readonly matcher: AttributeMatcher;
  protected readonly positions: PositionKeys;

  constructor(maxDepth: number, matcher = new AttributeMatcher()) {
    super(maxDepth);
    this.matcher = matcher;
    this.positions = new PositionKeys(matcher);
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
    if (role === Role.exception) {
      this.isException = true;
      return;
    }
    const parts = place === Place.link ? this.linkParts : this.spanParts;
    const slot = this.matcher.slots[known]!;
    if (slot !== AT_ONCE) parts.present &= ~(1 << slot);
    if (this.scalarTag !== 0) this.useScalar(role, slot, parts, bytes, batch);
    else this.useElements(role, slot, parts, bytes, start, end, batch);
  }

  /** A list of values, as captured headers are. All IDs in it are keyed; interpretation takes the first. */
  private useElements(
    role: Role,
    slot: number,
    parts: PositionParts,
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
        if (this.scalarTag !== 0 && (isFirst || isId(role))) {
          this.useScalar(role, isFirst ? slot : AT_ONCE, parts, bytes, batch);
        }
        isFirst = false;
      }
    }
  }

  private useScalar(
    role: Role,
    slot: number,
    parts: PositionParts,
    bytes: Uint8Array,
    batch: SpanBatchBuilder,
  ): void {
    if (!this.putScalar(parts, slot, bytes)) return;
    const text = parts.texts[slot]!;
    const start = parts.starts[slot]!;
    const end = parts.ends[slot]!;
    switch (role) {
      case Role.correlationId:
        addTextKey(batch, KeyKind.correlation, text, start, end);
        return;
      case Role.causationId:
        addTextKey(batch, KeyKind.causation, text, start, end);
        return;
      case Role.correlationOrCausationId:
        addTextKey(batch, KeyKind.correlation, text, start, end);
        addTextKey(batch, KeyKind.causation, text, start, end);
        return;
      case Role.eventId:
        addTextKey(batch, KeyKind.event, text, start, end);
        // Go's otelsarama writes the bare offset as message ID.
        if (slot !== AT_ONCE && isDigits(text, start, end)) parts.present |= 1 << slot;
        return;
      default:
        parts.present |= 1 << slot;
    }
  }

  private scalarText(bytes: Uint8Array): string | null {
    const { spanParts: parts } = this;
    if (!this.putScalar(parts, AT_ONCE, bytes)) return null;
    return decoder.decode(parts.texts[AT_ONCE]!.subarray(parts.starts[AT_ONCE]!, parts.ends[AT_ONCE]!));
  }

  private putScalar(parts: PositionParts, slot: number, bytes: Uint8Array): boolean {
    return parts.put(slot, this.scalarTag, bytes, this.scalarStart, this.scalarEnd);
  }
}

/** Whether a value is an ID by itself, and no part of a position. */
function isId(role: Role): boolean {
  return role <= Role.causationId || role === Role.correlationOrCausationId;
}
