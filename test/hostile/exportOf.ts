import { ProtobufWriter } from '@upshot/model';

/** A span as a test writes it: numbers stand for its IDs. */
export interface Sketch {
  readonly trace: number;
  readonly span: number;
  readonly parent?: number;
  readonly name: string;
  readonly service?: string;
  /** As in OTLP; 1 is internal. */
  readonly kind?: number;
  /** Unix nanoseconds; by default an hour ago. */
  readonly start?: bigint;
  readonly correlation?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly links?: readonly (readonly [trace: number, span: number])[];
}

const HOUR_AGO = BigInt(Date.now() - 3_600_000) * 1_000_000n;
const SPANS_PER_REQUEST = 40_000;

/** Requests of OTLP/protobuf (ExportTraceServiceRequest) that hold these spans; those of one service in a row stand under one resource. */
export function* exportOf(sketches: Iterable<Sketch>): Generator<Uint8Array<ArrayBuffer>> {
  const writer = new ProtobufWriter(8 * 1024 * 1024);
  let group: Sketch[] = [];
  let count = 0;
  const close = () => {
    if (group.length > 0) writer.message(1, () => writeResource(writer, group));
    group = [];
  };
  for (const sketch of sketches) {
    if (group.length > 0 && group[0]!.service !== sketch.service) close();
    group.push(sketch);
    if (++count % SPANS_PER_REQUEST !== 0) continue;
    close();
    yield new Uint8Array(writer.view());
    writer.clear();
  }
  close();
  if (writer.length > 0) yield new Uint8Array(writer.view());
}

function writeResource(writer: ProtobufWriter, spans: readonly Sketch[]): void {
  writer.message(1, () => attribute(writer, 1, 'service.name', spans[0]!.service ?? 'hostile'));
  writer.message(2, () => {
    for (const span of spans) writer.message(2, () => writeSpan(writer, span));
  });
}

function writeSpan(writer: ProtobufWriter, span: Sketch): void {
  const { start = HOUR_AGO, kind = 1 } = span;
  writer.bytes(1, id(span.trace, 16));
  writer.bytes(2, id(span.span, 8));
  if (span.parent !== undefined) writer.bytes(4, id(span.parent, 8));
  writer.text(5, span.name);
  writer.tag(6, 0);
  writer.varint(kind);
  for (const field of [7, 8]) {
    writer.tag(field, 1);
    writer.fixed64(start);
  }
  if (span.correlation !== undefined)
    attribute(writer, 9, 'messaging.message.conversation_id', span.correlation);
  if (kind > 3) attribute(writer, 9, 'messaging.destination.name', 'orders');
  for (const [key, text] of Object.entries(span.attributes ?? {})) attribute(writer, 9, key, text);
  for (const [trace, linked] of span.links ?? [])
    writer.message(13, () => {
      writer.bytes(1, id(trace, 16));
      writer.bytes(2, id(linked, 8));
    });
}

function attribute(writer: ProtobufWriter, field: number, key: string, text: string): void {
  writer.message(field, () => {
    writer.text(1, key);
    writer.message(2, () => writer.text(1, text));
  });
}

function id(n: number, bytes: number): Uint8Array {
  return Buffer.from(n.toString(16).padStart(bytes * 2, '0'), 'hex');
}
