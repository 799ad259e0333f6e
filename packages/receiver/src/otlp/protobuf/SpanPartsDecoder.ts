import { KeyKind, type SpanBatchBuilder } from '@upshot/model';
import { AttributeDecoder, Place } from './AttributeDecoder.js';
import { isZero } from './WireCursor.js';

const HEX = Buffer.from('0123456789abcdef');

/** The messages inside a Span: links, which are keyed, events and the status. */
export class SpanPartsDecoder extends AttributeDecoder {
  private readonly linkText = Buffer.alloc(48);

  protected link(batch: SpanBatchBuilder, bytes: Uint8Array, start: number, end: number): void {
    let traceAt = -1;
    let spanAt = -1;
    this.linkParts.present = 0;
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      if (tag === 0x0a) traceAt = at - this.at === 16 ? this.at : -1;
      else if (tag === 0x12) spanAt = at - this.at === 8 ? this.at : -1;
      else if (tag === 0x22) this.attribute(bytes, this.at, at, Place.link, batch);
    }
    if (this.linkParts.present !== 0) this.positions.add(batch, this.linkParts, this.spanParts);
    if (traceAt < 0 || spanAt < 0 || isZero(bytes, traceAt, 16) || isZero(bytes, spanAt, 8)) return;
    hexInto(this.linkText, 0, bytes, traceAt, 16);
    hexInto(this.linkText, 32, bytes, spanAt, 8);
    batch.addKey(KeyKind.link, this.linkText, 0, 48);
  }

  /** A span event: checked, and copied with the tail. */
  protected event(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      if (tag === 0x1a) this.attribute(bytes, this.at, at, Place.other, null);
    }
  }

  protected statusCode(bytes: Uint8Array, start: number, end: number, before: number): number {
    let code = before;
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      const from = this.at;
      at = this.skip(bytes, tag, from, end);
      if (tag === 0x18) code = this.varint(bytes, from, end);
    }
    return code;
  }
}

function hexInto(out: Uint8Array, at: number, bytes: Uint8Array, from: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const byte = bytes[from + i]!;
    out[at + i * 2] = HEX[byte >> 4]!;
    out[at + i * 2 + 1] = HEX[byte & 15]!;
  }
}
