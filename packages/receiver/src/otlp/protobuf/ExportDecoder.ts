import { encodeSource, type SpanBatchBuilder } from '@upshot/model';
import type { Refusals } from '../Refusals.js';
import { Place } from './AttributeDecoder.js';
import { type SpanContext, SpanDecoder } from './SpanDecoder.js';

const NOTHING = Buffer.alloc(0);
const decoder = new TextDecoder();

/**
 * ExportTraceServiceRequest → rows. Fields may come in any order (a resource after its spans is legal protobuf), so each level is
 * walked twice: first for what all below it have in common, then for what is below.
 */
export class ExportDecoder extends SpanDecoder {
  private readonly context: SpanContext = { sourceIndex: 0, serviceIndex: 0, cutoffLow: 0, cutoffHigh: 0 };
  private resource: Uint8Array = NOTHING;
  private resourceUrl = '';
  private refusals!: Refusals;
  private accepted = 0;
  private sourceTooDeep = false;

  /**
   * Appends the spans of `body` to `batch` and returns how many. Spans that are refused are added to `refusals`.
   * @param cutoff spans that started before it are refused; Unix nanoseconds
   * @throws MalformedProtobuf where the body is no such message; rows that were added before it was noticed are taken back
   */
  decode(batch: SpanBatchBuilder, body: Uint8Array, cutoff: bigint, refusals: Refusals): number {
    const mark = batch.mark();
    this.context.cutoffLow = Number(cutoff & 0xffffffffn);
    this.context.cutoffHigh = Number(cutoff >> 32n);
    this.refusals = refusals;
    this.accepted = 0;
    try {
      for (let at = 0; at < body.length; ) {
        const tag = this.tag(body, at, body.length);
        at = this.skip(body, tag, this.at, body.length);
        if (tag === 0x0a) this.resourceSpans(batch, body, this.at, at);
      }
    } catch (error) {
      batch.rollback(mark);
      throw error;
    }
    return this.accepted;
  }

  private resourceSpans(batch: SpanBatchBuilder, body: Uint8Array, start: number, end: number): void {
    this.resource = NOTHING;
    this.resourceUrl = '';
    this.service = null;
    this.tooDeep = false;
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      // A message that comes twice is merged: its encodings, one after the other, are the merged one's.
      if (tag === 0x0a) this.resource = joined(this.resource, body.subarray(this.at, at));
      else if (tag === 0x1a) this.resourceUrl = decoder.decode(body.subarray(this.at, at));
    }
    this.checkMessage(this.resource, 0x0a, Place.resource);
    this.context.serviceIndex = batch.serviceIndex(this.service ?? '');
    const resourceTooDeep = this.tooDeep;
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      if (tag === 0x12) this.scopeSpans(batch, body, this.at, at, resourceTooDeep);
    }
  }

  private scopeSpans(
    batch: SpanBatchBuilder,
    body: Uint8Array,
    start: number,
    end: number,
    resourceTooDeep: boolean,
  ): void {
    let scope: Uint8Array = NOTHING;
    let scopeUrl = '';
    let any = false;
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      if (tag === 0x0a) scope = joined(scope, body.subarray(this.at, at));
      else if (tag === 0x12) any = true;
      else if (tag === 0x1a) scopeUrl = decoder.decode(body.subarray(this.at, at));
    }
    this.tooDeep = resourceTooDeep;
    this.checkMessage(scope, 0x1a, Place.other);
    this.sourceTooDeep = this.tooDeep;
    if (!any) return;
    this.context.sourceIndex = batch.sourceIndex(
      encodeSource(this.resource, scope, this.resourceUrl, scopeUrl),
    );
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      if (tag === 0x12) this.oneSpan(batch, body, this.at, at);
    }
  }

  private oneSpan(batch: SpanBatchBuilder, body: Uint8Array, start: number, end: number): void {
    const refusal = this.sourceTooDeep ? 'too-deep' : this.span(batch, body, start, end, this.context);
    if (refusal === null) this.accepted++;
    else this.refusals.add(refusal, this.nameOf(body, start, end));
  }

  /** Checks a Resource or InstrumentationScope, whose attributes stand under `attributeTag`. */
  private checkMessage(bytes: Uint8Array, attributeTag: number, place: Place): void {
    for (let at = 0; at < bytes.length; ) {
      const tag = this.tag(bytes, at, bytes.length);
      at = this.skip(bytes, tag, this.at, bytes.length);
      if (tag === attributeTag) this.attribute(bytes, this.at, at, place, null);
    }
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}
