import { ProtobufWriter } from '@upshot/model';
import { MENDED } from './mendedFields.js';
import { WireCursor } from './WireCursor.js';

/** What stands in a field that is looked into: a text or bytes, which are cut, or a message of this shape. */
type Shape = ReadonlyMap<number, 'text' | 'bytes' | (() => Shape)>;

/** Tags of opentelemetry.proto.common.v1, trace.v1 and logs.v1: field number and wire type. */
const VALUE: Shape = new Map<number, 'text' | 'bytes' | (() => Shape)>([
  [0x0a, 'text'],
  [0x3a, 'bytes'],
  [0x2a, () => ARRAY],
  [0x32, () => LIST],
]);
const KEY_VALUE: Shape = new Map<number, 'text' | (() => Shape)>([
  [0x0a, 'text'],
  [0x12, () => VALUE],
]);
const ARRAY: Shape = new Map([[0x0a, () => VALUE]]);
const LIST: Shape = new Map([[0x0a, () => KEY_VALUE]]);
const EVENT: Shape = new Map<number, 'text' | (() => Shape)>([
  [0x12, 'text'],
  [0x1a, () => KEY_VALUE],
]);
const LINK: Shape = new Map<number, 'text' | (() => Shape)>([
  [0x1a, 'text'],
  [0x22, () => KEY_VALUE],
]);
const STATUS: Shape = new Map([[0x12, 'text' as const]]);
const SPAN: Shape = new Map<number, 'text' | (() => Shape)>([
  [0x1a, 'text'],
  [0x2a, 'text'],
  [0x4a, () => KEY_VALUE],
  [0x5a, () => EVENT],
  [0x6a, () => LINK],
  [0x7a, () => STATUS],
]);

const LOG_RECORD: Shape = new Map<number, 'text' | (() => Shape)>([
  [0x1a, 'text'],
  [0x2a, () => VALUE],
  [0x32, () => KEY_VALUE],
  [0x62, 'text'],
]);

/** What is cut, and the field of its attributes. */
export const CUTTABLE = {
  span: { shape: SPAN, attributes: 9 },
  logRecord: { shape: LOG_RECORD, attributes: 6 },
} as const;

/** Deeper messages are left as they are: a span with such values is refused where it is read. */
const DEEPEST = 64;

/**
 * Shortens what is too long inside a span: attribute values (also of events and links), names, the message of its status; inside a log record its body and
 * attribute values. Only what is itself longer than the limit comes here, so it need not be as quick as the rest.
 */
export class LongValueCutter extends WireCursor {
  private readonly writer = new ProtobufWriter(64 * 1024);
  private cuts = 0;
  /** Bytes that the attribute under way may still take. */
  private left = 0;

  /** `most`: bytes of a text, or of an attribute's value. */
  constructor(
    private readonly most: number,
    private readonly of: (typeof CUTTABLE)[keyof typeof CUTTABLE],
  ) {
    super();
  }

  /**
   * The span or log record `bytes[start, end)` with its long values cut and an attribute that says how many; null where there is none. Valid until the next
   * call.
   * @throws MalformedProtobuf
   */
  cut(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
    const { writer } = this;
    writer.clear();
    this.cuts = 0;
    this.message(this.of.shape, bytes, start, end, 0);
    if (this.cuts === 0) return null;
    writer.message(this.of.attributes, () => {
      writer.text(1, MENDED.valuesCut);
      writer.message(2, () => {
        writer.tag(3, 0);
        writer.varint(this.cuts);
      });
    });
    return writer.view();
  }

  private message(shape: Shape, bytes: Uint8Array, start: number, end: number, depth: number): void {
    const inside = isInside(shape);
    // What is left as it is, is copied in runs; a span in which nothing is long is not copied at all.
    let run = start;
    for (let at = start; at < end; ) {
      const field = at;
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      const from = this.at;
      // What is short as a whole has nothing long in it.
      if (!inside && at - from <= this.most) continue;
      const rule = depth > DEEPEST ? undefined : shape.get(tag);
      if (rule === undefined) continue;
      if (run < field) this.writer.raw(bytes.subarray(run, field));
      run = at;
      if (!inside) this.left = this.most;
      if (typeof rule === 'string') this.text(tag, bytes, from, at, rule === 'text');
      else if (this.left <= 0 && inside) this.cuts++;
      else {
        this.left -= 2;
        this.writer.message(tag >>> 3, () => this.message(rule(), bytes, from, at, depth + 1));
      }
    }
    if (run < end && (depth > 0 || run > start)) this.writer.raw(bytes.subarray(run, end));
  }

  private text(tag: number, bytes: Uint8Array, from: number, to: number, isText: boolean): void {
    let end = to;
    if (to - from > this.left) {
      end = from + Math.max(0, this.left);
      // Not in the middle of a character: its further bytes begin with the bits 10.
      if (isText) while (end > from && (bytes[end]! & 0xc0) === 0x80) end--;
      this.cuts++;
    }
    this.left -= end - from;
    this.writer.bytes(tag >>> 3, bytes.subarray(from, end));
  }
}

/** Whether a message of this shape is part of an attribute, so that it shares its limit. */
function isInside(shape: Shape): boolean {
  return shape === KEY_VALUE || shape === VALUE || shape === ARRAY || shape === LIST;
}
