import { KeyKind, type SpanBatch, SpanBatchBuilder } from '@upshot/model';

/** A look-up key as the ID that it is made from. */
export type KitKey = readonly [kind: keyof typeof KeyKind, id: string];

/** A span as a case writes it; what it leaves out is filled in. */
export interface KitSpan {
  /** Lower-case hex. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly start?: bigint;
  readonly duration?: bigint;
  readonly kind?: number;
  readonly status?: number;
  /** The mark of `SpanBatch.entries`: true is 1. */
  readonly entry?: boolean | 2;
  readonly name?: string;
  readonly service?: string;
  readonly source?: Uint8Array;
  readonly tail?: Uint8Array;
  readonly keys?: readonly KitKey[];
}

/** 2023-11-14T22:13:20Z: a start for spans to whose case time does not matter. */
export const SOME_TIME = 1_700_000_000_000_000_000n;
const LOW_HALF = 0xffff_ffffn;

export function spanBatch(spans: readonly KitSpan[]): SpanBatch {
  const builder = new SpanBatchBuilder();
  for (const span of spans) {
    const row = builder.begin();
    builder.traceIds.set(Buffer.from(span.traceId, 'hex'), row * 16);
    builder.spanIds.set(Buffer.from(span.spanId, 'hex'), row * 8);
    builder.parentSpanIds.set(Buffer.from(span.parentSpanId ?? '', 'hex'), row * 8);
    const start = span.start ?? SOME_TIME;
    const end = BigInt.asUintN(64, start + (span.duration ?? 0n));
    builder.setTimes(...halvesOf(start), ...halvesOf(end));
    builder.kinds[row] = span.kind ?? 0;
    builder.statuses[row] = span.status ?? 0;
    builder.entries[row] = Number(span.entry ?? 0);
    builder.nameIndexes[row] = builder.nameIndex(span.name ?? '');
    builder.serviceIndexes[row] = builder.serviceIndex(span.service ?? '');
    builder.sourceIndexes[row] = builder.sourceIndex(span.source ?? new Uint8Array());
    const tail = span.tail ?? new Uint8Array();
    builder.appendTail(tail, 0, tail.length);
    for (const [kind, id] of span.keys ?? []) {
      const bytes = Buffer.from(id);
      builder.addKey(KeyKind[kind], bytes, 0, bytes.length);
    }
    builder.commit();
  }
  return builder.finish();
}

function halvesOf(value: bigint): [low: number, high: number] {
  return [Number(value & LOW_HALF), Number(value >> 32n)];
}
