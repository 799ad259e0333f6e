import { MalformedProtobuf, type SpanBatchBuilder } from '@upshot/model';
import type { RefusalCode } from '../Refusals.js';
import { Place } from './AttributeDecoder.js';
import type { AttributeMatcher } from './attributeMatcher.js';
import { badParentField, cutFields, MENDED } from './mendedFields.js';
import { SpanPartsDecoder } from './SpanPartsDecoder.js';
import { isZero, word } from './WireCursor.js';

/** How much one span may carry. What is beyond is cut off, counted as dropped, and marked with an attribute. */
export interface SpanLimits {
  readonly attributesPerSpan: number;
  readonly eventsPerSpan: number;
  readonly linksPerSpan: number;
  /** Levels of lists and maps inside an attribute: at most 32, which is how deep they are read back. */
  readonly attributeDepth: number;
}

/** What the spans of one ScopeSpans have in common, and what they are measured against. */
export interface SpanContext {
  /** Index of the encoded resource and scope in the batch; -1 while no span has needed it. */
  sourceIndex: number;
  serviceIndex: number;
  /** Spans that started before this are refused: Unix nanoseconds in two unsigned halves. */
  cutoffLow: number;
  cutoffHigh: number;
}

/** Bits of `seen`. */
const TRACE_ID = 1;
const SPAN_ID = 2;
const WRONG_TRACE_ID = 4;
const WRONG_SPAN_ID = 8;

/**
 * One OTLP Span (opentelemetry.proto.trace.v1), from its bytes into the open row of a batch.
 *
 * IDs, times, name, kind and status go into columns; all other fields, unknown ones too, are copied as they came, in runs as long as the
 * sender's order of fields allows: one copy per span for every encoder in use. Fields may come in any order and more than once.
 */
export abstract class SpanDecoder extends SpanPartsDecoder {
  /** Where the links of the span under way stand: start and end by turns, `linkCount` pairs. */
  private readonly linkBounds: number[] = [];
  private linkCount = 0;

  constructor(
    protected readonly limits: SpanLimits,
    matcher?: AttributeMatcher,
  ) {
    super(Math.min(limits.attributeDepth, 32), matcher);
  }

  /**
   * Reads the span `bytes[start, end)` and commits its row, or leaves no trace and returns why it is refused.
   * @throws MalformedProtobuf where the bytes are no protobuf
   */
  protected span(
    batch: SpanBatchBuilder,
    bytes: Uint8Array,
    start: number,
    end: number,
    context: SpanContext,
  ): RefusalCode | null {
    const row = batch.begin();
    let at = start;
    let run = -1; // where the run of tail fields that is being read began
    let seen = 0;
    let parentStart = 0;
    let parentEnd = 0;
    let nameStart = 0;
    let nameEnd = 0;
    let startLow = 0;
    let startHigh = 0;
    let endLow = 0;
    let endHigh = 0;
    let kind = 0;
    let status = 0;
    let flags = 0;
    let attributes = 0;
    let events = 0;
    let links = 0;
    let droppedAttributes = 0;
    let droppedEvents = 0;
    let droppedLinks = 0;
    this.tooDeep = false;
    this.spanParts.present = 0;
    this.linkCount = 0;
    const { limits } = this;

    while (at < end) {
      const fieldStart = at;
      const tag = this.tag(bytes, at, end);
      at = this.at;
      let inTail = true;
      switch (tag) {
        case 0x4a: // attributes
          at = this.limit(bytes, at, end);
          inTail = ++attributes <= limits.attributesPerSpan;
          if (inTail) this.attribute(bytes, this.at, at, Place.span, batch);
          break;
        case 0x0a: {
          const limit = this.limit(bytes, at, end);
          seen |= TRACE_ID;
          if (limit - this.at === 16) {
            seen &= ~WRONG_TRACE_ID;
            for (let i = 0, from = this.at, to = row * 16; i < 16; i++)
              batch.traceIds[to + i] = bytes[from + i]!;
          } else if (limit > this.at) seen |= WRONG_TRACE_ID;
          else seen &= ~(TRACE_ID | WRONG_TRACE_ID);
          at = limit;
          inTail = false;
          break;
        }
        case 0x12: {
          const limit = this.limit(bytes, at, end);
          seen |= SPAN_ID;
          if (limit - this.at === 8) {
            seen &= ~WRONG_SPAN_ID;
            for (let i = 0, from = this.at, to = row * 8; i < 8; i++)
              batch.spanIds[to + i] = bytes[from + i]!;
          } else if (limit > this.at) seen |= WRONG_SPAN_ID;
          else seen &= ~(SPAN_ID | WRONG_SPAN_ID);
          at = limit;
          inTail = false;
          break;
        }
        case 0x22: // parent_span_id
          parentEnd = at = this.limit(bytes, at, end);
          parentStart = this.at;
          inTail = false;
          break;
        case 0x2a: // name
          nameEnd = at = this.limit(bytes, at, end);
          nameStart = this.at;
          inTail = false;
          break;
        case 0x30: // kind
          kind = this.varint(bytes, at, end);
          at = this.at;
          inTail = false;
          break;
        case 0x39: // start_time_unix_nano
          if (at + 8 > end) throw new MalformedProtobuf('a start time is cut off');
          startLow = word(bytes, at);
          startHigh = word(bytes, at + 4);
          at += 8;
          inTail = false;
          break;
        case 0x41: // end_time_unix_nano
          if (at + 8 > end) throw new MalformedProtobuf('an end time is cut off');
          endLow = word(bytes, at);
          endHigh = word(bytes, at + 4);
          at += 8;
          inTail = false;
          break;
        case 0x50: // dropped_attributes_count
          droppedAttributes = this.varint(bytes, at, end);
          at = this.at;
          break;
        case 0x5a: // events
          at = this.limit(bytes, at, end);
          inTail = ++events <= limits.eventsPerSpan;
          if (inTail) this.event(bytes, this.at, at);
          break;
        case 0x60: // dropped_events_count
          droppedEvents = this.varint(bytes, at, end);
          at = this.at;
          break;
        case 0x6a: // links
          at = this.limit(bytes, at, end);
          inTail = ++links <= limits.linksPerSpan;
          if (inTail) {
            this.linkBounds[this.linkCount * 2] = this.at;
            this.linkBounds[this.linkCount++ * 2 + 1] = at;
          }
          break;
        case 0x70: // dropped_links_count
          droppedLinks = this.varint(bytes, at, end);
          at = this.at;
          break;
        case 0x7a: // status
          at = this.limit(bytes, at, end);
          status = this.statusCode(bytes, this.at, at, status);
          break;
        case 0x85: // flags (field 16, fixed32): its tag has two bytes, which `tag` has put together
          if (at + 4 > end) throw new MalformedProtobuf('flags are cut off');
          flags = word(bytes, at);
          at += 4;
          break;
        default:
          at = this.skip(bytes, tag, at, end);
      }
      if (inTail) {
        if (run < 0) run = fieldStart;
      } else if (run >= 0) {
        batch.appendTail(bytes, run, fieldStart);
        run = -1;
      }
    }
    if (run >= 0) batch.appendTail(bytes, run, end);

    const refusal = this.refuse(batch, row, seen, startLow >>> 0, startHigh >>> 0, context);
    if (refusal !== null) return refusal;
    this.spanKeys(batch, bytes);
    if (this.tooDeep) return 'too-deep';
    if (this.positions.isExhausted) return 'too-many-keys';

    if (parentEnd - parentStart === 8) {
      for (let i = 0, to = row * 8; i < 8; i++) batch.parentSpanIds[to + i] = bytes[parentStart + i]!;
    } else if (parentEnd > parentStart) {
      appendField(batch, badParentField(bytes, parentStart, parentEnd));
    }
    if (attributes > limits.attributesPerSpan) {
      const cut = attributes - limits.attributesPerSpan;
      appendField(batch, cutFields(10, droppedAttributes, cut, MENDED.attributesCut));
    }
    if (events > limits.eventsPerSpan) {
      appendField(batch, cutFields(12, droppedEvents, events - limits.eventsPerSpan, MENDED.eventsCut));
    }
    if (links > limits.linksPerSpan) {
      appendField(batch, cutFields(14, droppedLinks, links - limits.linksPerSpan, MENDED.linksCut));
    }

    batch.setTimes(startLow, startHigh, endLow, endHigh);
    batch.kinds[row] = kind <= 5 ? kind : 0;
    batch.statuses[row] = status <= 2 ? status : 0;
    const parentless = isZero(batch.parentSpanIds, row * 8, 8);
    const remote = (flags & 0x300) === 0x300 || kind === 2 || kind === 5;
    // A consumer without a parent that links to what it consumes continues a workflow, as one with a parent does.
    batch.entries[row] = parentless && !(kind === 5 && links > 0) ? 1 : parentless || remote ? 2 : 0;
    batch.nameIndexes[row] = batch.nameIndexOfBytes(bytes, nameStart, nameEnd);
    batch.serviceIndexes[row] = context.serviceIndex;
    if (context.sourceIndex < 0) context.sourceIndex = this.sourceIndexIn(batch);
    batch.sourceIndexes[row] = context.sourceIndex;
    batch.commit();
    return null;
  }

  /** The index in the batch of the resource and scope whose spans are being read. */
  protected abstract sourceIndexIn(batch: SpanBatchBuilder): number;

  /** The name of a span, for the sender to recognise it by. The bytes have been read without an error before. */
  protected nameOf(bytes: Uint8Array, start: number, end: number): string {
    let name = '';
    for (let at = start; at < end; ) {
      const tag = this.tag(bytes, at, end);
      at = this.skip(bytes, tag, this.at, end);
      if (tag === 0x2a) name = decoder.decode(bytes.subarray(this.at, at));
    }
    return name;
  }

  private refuse(
    batch: SpanBatchBuilder,
    row: number,
    seen: number,
    startLow: number,
    startHigh: number,
    context: SpanContext,
  ): RefusalCode | null {
    if ((seen & TRACE_ID) === 0) return 'trace-id-missing';
    if ((seen & WRONG_TRACE_ID) !== 0) return 'trace-id-size';
    if (isZero(batch.traceIds, row * 16, 16)) return 'trace-id-zero';
    if ((seen & SPAN_ID) === 0) return 'span-id-missing';
    if ((seen & WRONG_SPAN_ID) !== 0) return 'span-id-size';
    if (isZero(batch.spanIds, row * 8, 8)) return 'span-id-zero';
    const { cutoffHigh, cutoffLow } = context;
    if (startHigh < cutoffHigh || (startHigh === cutoffHigh && startLow < cutoffLow)) {
      return startHigh === 0 && startLow === 0 ? 'start-missing' : 'too-old';
    }
    return null;
  }

  /** Keys that can be made only when the whole span was read: its position, its links and theirs. */
  private spanKeys(batch: SpanBatchBuilder, bytes: Uint8Array): void {
    if (this.spanParts.present !== 0) this.positions.add(batch, this.spanParts, this.spanParts);
    const { linkBounds, linkCount } = this;
    for (let i = 0; i < linkCount; i++) this.link(batch, bytes, linkBounds[i * 2]!, linkBounds[i * 2 + 1]!);
  }
}

const decoder = new TextDecoder();

function appendField(batch: SpanBatchBuilder, field: Uint8Array): void {
  batch.appendTail(field, 0, field.length);
}
