import { ProtobufWriter } from '@upshot/model';

/** Attributes by which the receiver says what it mended, for the answer to show. */
export const MENDED = {
  /** The parent ID as it came, in hex (or as text, where it was no hex), because it is not one. */
  parentSpanId: 'upshot.bad.parent_span_id',
  attributesCut: 'upshot.cut.attributes',
  eventsCut: 'upshot.cut.events',
  linksCut: 'upshot.cut.links',
  /** How many texts and values were longer than the limit. */
  valuesCut: 'upshot.cut.values',
} as const;

/** Of a bad parent ID, no more than this is kept. */
const MOST_BYTES = 256;

/** A parent ID that is none, as an attribute of its span: an encoded field of Span. */
export function badParentField(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const id = Buffer.from(bytes.subarray(start, Math.min(end, start + MOST_BYTES))).toString('hex');
  const writer = new ProtobufWriter(MOST_BYTES * 3);
  writer.message(9, () => {
    writer.text(1, MENDED.parentSpanId);
    writer.message(2, () => writer.text(1, id));
  });
  return writer.view();
}

/**
 * A dropped count (a field of Span, by its number) raised by what was cut off here, and the attribute that says so: encoded fields of Span.
 * They stand after the sender's own count, and the last one wins.
 */
export function cutFields(field: number, dropped: number, cut: number, attribute: string): Uint8Array {
  const writer = new ProtobufWriter(64);
  writer.tag(field, 0);
  writer.varint(dropped + cut);
  writer.message(9, () => {
    writer.text(1, attribute);
    writer.message(2, () => {
      writer.tag(3, 0);
      writer.varint(cut);
    });
  });
  return writer.view();
}
