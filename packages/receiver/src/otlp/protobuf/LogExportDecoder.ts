import { HIGHEST_SEVERITY, LogKind, ProtobufWriter, type SpanBatchBuilder } from '@upshot/model';
import type { RefusalCode, Refusals } from '../Refusals.js';
import { Place } from './AttributeDecoder.js';
import { AttributeMatcher, knownLogKeys } from './attributeMatcher.js';
import { ExportDecoder, type ExportLimits } from './ExportDecoder.js';
import { CUTTABLE } from './LongValueCutter.js';
import { MENDED } from './mendedFields.js';
import type { SpanContext } from './SpanDecoder.js';
import { isZero, word } from './WireCursor.js';

/** How much of a line's text a sender is told, so that it recognises the record. */
const MOST_NAME_BYTES = 80;
const decoder = new TextDecoder();

/**
 * ExportLogsServiceRequest → rows of a `LogBatch`. The message has the levels and the field numbers of the one for spans; only what lies at the bottom is
 * another (opentelemetry.proto.logs.v1.LogRecord). A record that says to what it belongs by no ID at all is refused.
 */
export class LogExportDecoder extends ExportDecoder {
  /** The time of records that state none, Unix nanoseconds in two halves. */
  private nowLow = 0;
  private nowHigh = 0;

  constructor(limits: ExportLimits) {
    super(limits, new AttributeMatcher(knownLogKeys()), CUTTABLE.logRecord);
  }

  /** As for spans; `now`: the time of records that state none, Unix nanoseconds. */
  decodeLogs(
    batch: SpanBatchBuilder,
    body: Uint8Array,
    { now, cutoff }: { readonly now: bigint; readonly cutoff: bigint },
    refusals: Refusals,
  ): number {
    this.nowLow = Number(now & 0xffffffffn);
    this.nowHigh = Number(now >> 32n);
    return this.decode(batch, body, cutoff, refusals);
  }

  /** Reads the record `bytes[start, end)` and commits its row, or leaves no trace and returns why it is refused. */
  protected override span(
    batch: SpanBatchBuilder,
    bytes: Uint8Array,
    start: number,
    end: number,
    context: SpanContext,
  ): RefusalCode | null {
    const row = batch.begin();
    batch.traceIds.fill(0, row * 16, row * 16 + 16);
    batch.spanIds.fill(0, row * 8, row * 8 + 8);
    this.tooDeep = this.isException = false;
    this.spanParts.present = 0;
    const fields = {
      time: -1,
      observed: -1,
      severity: 0,
      nameStart: 0,
      nameEnd: 0,
      attributes: 0,
      dropped: 0,
    };
    let wrongId: RefusalCode | null = null;
    for (let at = start; at < end; ) {
      const fieldStart = at;
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      const from = tag === 0x09 || tag === 0x59 ? at - 8 : this.at;
      switch (tag) {
        case 0x09: // time_unix_nano
          fields.time = from;
          continue;
        case 0x59: // observed_time_unix_nano
          fields.observed = from;
          continue;
        case 0x10: // severity_number
          fields.severity = this.varint(bytes, fieldStart + 1, at);
          continue;
        case 0x62: // event_name
          fields.nameStart = from;
          fields.nameEnd = at;
          continue;
        case 0x4a: // trace_id
          if (at - from === 16) batch.traceIds.set(bytes.subarray(from, at), row * 16);
          else if (at > from) wrongId = 'trace-id-size';
          continue;
        case 0x52: // span_id
          if (at - from === 8) batch.spanIds.set(bytes.subarray(from, at), row * 8);
          else if (at > from) wrongId = 'span-id-size';
          continue;
        case 0x2a: // body
          this.body(bytes, from, at, batch);
          break;
        case 0x32: // attributes
          if (++fields.attributes > this.limits.attributesPerSpan) continue;
          this.attribute(bytes, from, at, Place.span, batch);
          break;
        case 0x38: // dropped_attributes_count
          fields.dropped = this.varint(bytes, fieldStart + 1, at);
          break;
      }
      batch.appendTail(bytes, fieldStart, at);
    }
    if (wrongId !== null) return wrongId;
    if (this.tooDeep) return 'too-deep';
    if (this.spanParts.present !== 0) this.positions.add(batch, this.spanParts, this.spanParts);
    if (this.positions.isExhausted) return 'too-many-keys';
    if (batch.openKeys === 0 && isZero(batch.traceIds, row * 16, 16)) return 'no-context';
    if (!this.times(batch, bytes, fields, context)) return 'too-old';
    if (fields.attributes > this.limits.attributesPerSpan) {
      const cut = cutFields(fields.dropped, fields.attributes - this.limits.attributesPerSpan);
      batch.appendTail(cut, 0, cut.length);
    }
    batch.kinds[row] = this.isException ? LogKind.exception : LogKind.line;
    batch.statuses[row] = fields.severity <= HIGHEST_SEVERITY ? fields.severity : 0;
    batch.nameIndexes[row] = batch.nameIndexOfBytes(bytes, fields.nameStart, fields.nameEnd);
    batch.serviceIndexes[row] = context.serviceIndex;
    if (context.sourceIndex < 0) context.sourceIndex = this.sourceIndexIn(batch);
    batch.sourceIndexes[row] = context.sourceIndex;
    batch.commit();
    return null;
  }

  /** The record's time, else when it was observed, else now. False where that is before the retention. */
  private times(
    batch: SpanBatchBuilder,
    bytes: Uint8Array,
    { time, observed }: { readonly time: number; readonly observed: number },
    { cutoffHigh, cutoffLow }: SpanContext,
  ): boolean {
    const stated = [time, observed].filter((at) => at >= 0 && !isZero(bytes, at, 8));
    const low = stated.length === 0 ? this.nowLow : word(bytes, stated[0]!) >>> 0;
    const high = stated.length === 0 ? this.nowHigh : word(bytes, stated[0]! + 4) >>> 0;
    if (high < cutoffHigh || (high === cutoffHigh && low < cutoffLow)) return false;
    const last = stated.at(-1);
    batch.setTimes(
      low,
      high,
      last === undefined ? low : word(bytes, last) >>> 0,
      last === undefined ? high : word(bytes, last + 4) >>> 0,
    );
    return true;
  }

  /** A body: checked, and where it is a map, as structured loggers write it, its entries are read as attributes are. */
  private body(bytes: Uint8Array, start: number, end: number, batch: SpanBatchBuilder): void {
    this.value(bytes, start, end, 0);
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      if (tag !== 0x32) continue;
      for (let entry = this.at; entry < at; ) {
        const entryTag = this.tag(bytes, entry, at);
        entry = this.skip(bytes, entryTag, this.at, at);
        if (entryTag === 0x0a) this.attribute(bytes, this.at, entry, Place.span, batch);
      }
    }
  }

  protected override nameOf(bytes: Uint8Array, start: number, end: number): string {
    let name = '';
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      if (tag === 0x62) return decoder.decode(bytes.subarray(this.at, at));
      if (tag !== 0x2a) continue;
      const bodyEnd = at;
      this.value(bytes, this.at, bodyEnd, 0);
      if (this.scalarTag !== 0x0a) continue;
      const last = Math.min(this.scalarEnd, this.scalarStart + MOST_NAME_BYTES);
      name = decoder.decode(bytes.subarray(this.scalarStart, last));
    }
    return name;
  }
}

/** The dropped count raised by what was cut off here, and the attribute that says so: encoded fields of LogRecord. */
function cutFields(dropped: number, cut: number): Uint8Array {
  const writer = new ProtobufWriter(64);
  writer.tag(7, 0);
  writer.varint(dropped + cut);
  writer.message(6, () => {
    writer.text(1, MENDED.attributesCut);
    writer.message(2, () => {
      writer.tag(3, 0);
      writer.varint(cut);
    });
  });
  return writer.view();
}
