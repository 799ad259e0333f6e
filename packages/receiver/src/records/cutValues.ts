import type { AttributeValue, EventRecord } from '@upshot/model';
import { MENDED } from '../otlp/protobuf/mendedFields.js';

type Said = Pick<EventRecord, 'attributes' | 'error'>;

/**
 * What a record says beside its IDs and names, with values that are too long cut, each attribute within `most` bytes of UTF-8, and an attribute that says how many: as
 * those of spans are. (IDs and names can't be cut, for they would join what does not belong together: a record with longer ones is refused.)
 */
export function cutValues({ attributes, error }: Said, most: number): Said {
  const cutter = new Cutter(most);
  const kept = Object.entries(attributes).map(([key, value]) => [key, cutter.value(value)] as const);
  const said = error && { type: cutter.text(error.type), message: cutter.text(error.message) };
  const { cuts } = cutter;
  if (cuts === 0) return { attributes, error };
  return { attributes: Object.fromEntries([...kept, [MENDED.valuesCut, cuts]]), error: said };
}

class Cutter {
  cuts = 0;
  /** Bytes that the attribute under way may still take. */
  private left = 0;

  constructor(private readonly most: number) {}

  value(value: AttributeValue): AttributeValue {
    this.left = this.most;
    return this.within(value);
  }

  text(text: string): string {
    this.left = this.most;
    return this.shortened(text);
  }

  /** Depth is limited where records are read. */
  private within(value: AttributeValue): AttributeValue {
    if (typeof value === 'string') return this.shortened(value);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) {
      const kept: AttributeValue[] = [];
      for (const element of value) if (this.hasRoom(2)) kept.push(this.within(element));
      return kept;
    }
    const kept: [string, AttributeValue][] = [];
    for (const [name, held] of Object.entries(value))
      if (this.hasRoom(name.length + 2)) kept.push([name, this.within(held)]);
    return Object.fromEntries(kept);
  }

  /** Whether a further element has room; what it takes beside its value is counted. */
  private hasRoom(bytes: number): boolean {
    if (this.left < bytes) {
      this.cuts++;
      return false;
    }
    this.left -= bytes;
    return true;
  }

  private shortened(text: string): string {
    const size = Buffer.byteLength(text);
    if (size <= this.left) {
      this.left -= size;
      return text;
    }
    const bytes = Buffer.from(text.slice(0, Math.max(0, this.left) + 1));
    let end = Math.max(0, this.left);
    // Not in the middle of a character: its further bytes begin with the bits 10.
    while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
    this.cuts++;
    this.left -= end;
    return bytes.toString('utf8', 0, end);
  }
}
