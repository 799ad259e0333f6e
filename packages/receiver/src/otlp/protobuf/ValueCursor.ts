import { WireCursor } from './WireCursor.js';

/**
 * Checks OTLP values (AnyValue, opentelemetry.proto.common.v1) down to the last one inside of them, and remembers the scalar that it saw
 * last. What passes here can be decoded at any later time without an error.
 */
export class ValueCursor extends WireCursor {
  /** Set when a value is nested deeper than `maxDepth`; the caller resets it. */
  protected tooDeep = false;
  /** The scalar that `value` saw last: its tag and its bytes. Tag 0 is none. */
  protected scalarTag = 0;
  protected scalarStart = 0;
  protected scalarEnd = 0;

  constructor(private readonly maxDepth: number) {
    super();
  }

  /**
   * One AnyValue in `bytes[start, end)`. Where several members of its oneof stand, the last wins.
   * @throws MalformedProtobuf
   */
  protected value(bytes: Uint8Array, start: number, end: number, depth: number): void {
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
}
