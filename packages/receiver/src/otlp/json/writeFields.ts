import type { ProtobufWriter } from '@upshot/model';
import { BadField, idOf } from './fields.js';

/** The ID of a span or of its trace, as its own. One of the wrong size is written as it is: it is refused where the bytes are read. */
export function writeOwnId(
  writer: ProtobufWriter,
  field: number,
  text: string,
  size: number,
  name: string,
): void {
  if (text === '') return;
  const id = idOf(text, size);
  if (id === null)
    throw new BadField(`${name} is neither ${size * 2} hex digits nor base64 of ${size} bytes`);
  writer.bytes(field, id);
}

/** Fields as an encoder writes them: none for a default. */
export function writeText(writer: ProtobufWriter, field: number, text: string): void {
  if (text !== '') writer.text(field, text);
}

export function writeNumber(writer: ProtobufWriter, field: number, number: number): void {
  if (number === 0) return;
  writer.tag(field, 0);
  writer.varint(number);
}

export function writeTime(writer: ProtobufWriter, field: number, time: bigint): void {
  if (time === 0n) return;
  writer.tag(field, 1);
  writer.fixed64(time);
}

export function writeFlags(writer: ProtobufWriter, field: number, flags: number): void {
  if (flags === 0) return;
  writer.tag(field, 5);
  writer.fixed32(flags);
}
