import { encodeSource, type SpanBatchBuilder } from '@upshot/model';
import { ReceiverError } from '../../intake/ReceiverError.js';
import type { RefusalCode, Refusals } from '../Refusals.js';
import { Place } from './AttributeDecoder.js';
import type { AttributeMatcher } from './attributeMatcher.js';
import { CUTTABLE, LongValueCutter } from './LongValueCutter.js';
import { type SpanContext, SpanDecoder, type SpanLimits } from './SpanDecoder.js';

export interface ExportLimits extends SpanLimits {
  /** Spans, resources and scopes of one request: each costs something even when it is empty. */
  readonly spansPerRequest: number;
  /** Bytes of a resource with a scope. */
  readonly sourceBytes: number;
  /** Bytes of a text, or of an attribute's value, of a span, its events and links. What is longer is cut and marked. */
  readonly attributeBytes: number;
}

const NOTHING = Buffer.alloc(0);
/** Unlike sources that one request may bring, and all of them with their repetitions: a resource stands once in a body, but before each of its scopes in what is stored. */
const MOST_NEW_SOURCE_BYTES = 32 * 1024 * 1024;
const MOST_SOURCE_BYTES = 512 * 1024 * 1024;
const decoder = new TextDecoder();

/**
 * ExportTraceServiceRequest → rows. Fields may come in any order (a resource after its spans is legal protobuf), so each level is
 * walked twice: first for what all below it have in common, then for what is below.
 */
export class ExportDecoder extends SpanDecoder {
  private readonly context: SpanContext = { sourceIndex: -1, serviceIndex: 0, cutoffLow: 0, cutoffHigh: 0 };
  private resource: Uint8Array = NOTHING;
  private resourceUrl: Uint8Array = NOTHING;
  private scope: Uint8Array = NOTHING;
  private scopeUrl: Uint8Array = NOTHING;
  private readonly cutter: LongValueCutter;
  private refusals!: Refusals;
  private accepted = 0;
  private messages = 0;
  private sourceBytes = 0;
  private newSourceBytes = 0;

  constructor(
    private readonly exportLimits: ExportLimits,
    matcher?: AttributeMatcher,
    cuttable: (typeof CUTTABLE)[keyof typeof CUTTABLE] = CUTTABLE.span,
  ) {
    super(exportLimits, matcher);
    this.cutter = new LongValueCutter(exportLimits.attributeBytes, cuttable);
  }

  /**
   * Appends the spans of `body` to `batch` and returns how many. Spans that are refused are added to `refusals`.
   * @param cutoff spans that started before it are refused; Unix nanoseconds
   * @throws MalformedProtobuf where the body is no such message; ReceiverError `too-large` where it holds too much. Rows that were added
   * before it was noticed are taken back
   */
  decode(batch: SpanBatchBuilder, body: Uint8Array, cutoff: bigint, refusals: Refusals): number {
    const mark = batch.mark();
    this.context.cutoffLow = Number(cutoff & 0xffffffffn);
    this.context.cutoffHigh = Number(cutoff >> 32n);
    this.refusals = refusals;
    this.accepted = this.messages = this.sourceBytes = this.newSourceBytes = 0;
    this.positions.begin(body.length);
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
    this.count();
    let refusal: RefusalCode | null = null;
    this.resource = this.resourceUrl = NOTHING;
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      // A message that comes twice is merged: its encodings, one after the other, are the merged one's.
      if (tag === 0x0a && !this.join(this.resource, body, this.at, at)) refusal = 'source-too-large';
      else if (tag === 0x0a) this.resource = this.joined;
      else if (tag === 0x1a) this.resourceUrl = body.subarray(this.at, at);
    }
    this.service = null;
    this.tooDeep = false;
    this.checkMessage(this.resource, 0x0a, Place.resource);
    if (this.tooDeep) refusal = 'too-deep';
    this.context.serviceIndex = batch.serviceIndex(this.service ?? '');
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      if (tag === 0x12) this.scopeSpans(batch, body, this.at, at, refusal);
    }
  }

  private scopeSpans(
    batch: SpanBatchBuilder,
    body: Uint8Array,
    start: number,
    end: number,
    resourceRefusal: RefusalCode | null,
  ): void {
    this.count();
    let refusal = resourceRefusal;
    this.scope = this.scopeUrl = NOTHING;
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      if (tag === 0x0a && !this.join(this.scope, body, this.at, at)) refusal = 'source-too-large';
      else if (tag === 0x0a) this.scope = this.joined;
      else if (tag === 0x1a) this.scopeUrl = body.subarray(this.at, at);
    }
    this.tooDeep = false;
    this.checkMessage(this.scope, 0x1a, Place.other);
    if (this.tooDeep) refusal ??= 'too-deep';
    const { resource, resourceUrl, scope, scopeUrl } = this;
    const size = resource.length + resourceUrl.length + scope.length + scopeUrl.length;
    if (size > this.exportLimits.sourceBytes) refusal ??= 'source-too-large';
    this.context.sourceIndex = -1;
    for (let at = start; at < end; ) {
      const tag = this.tag(body, at, end);
      at = this.skip(body, tag, this.at, end);
      if (tag === 0x12) this.oneSpan(batch, body, this.at, at, refusal);
    }
  }

  private oneSpan(
    batch: SpanBatchBuilder,
    body: Uint8Array,
    start: number,
    end: number,
    sourceRefusal: RefusalCode | null,
  ): void {
    this.count();
    const cut = end - start > this.exportLimits.attributeBytes ? this.cutter.cut(body, start, end) : null;
    const refusal =
      sourceRefusal ??
      (cut === null
        ? this.span(batch, body, start, end, this.context)
        : this.span(batch, cut, 0, cut.length, this.context));
    if (refusal === null) this.accepted++;
    else this.refusals.add(refusal, () => this.nameOf(body, start, end));
  }

  protected override sourceIndexIn(batch: SpanBatchBuilder): number {
    const source = encodeSource(
      this.resource,
      this.scope,
      decoder.decode(this.resourceUrl),
      decoder.decode(this.scopeUrl),
    );
    const known = batch.sourceCount;
    const index = batch.sourceIndex(source);
    this.sourceBytes += source.length;
    if (index === known) this.newSourceBytes += source.length;
    if (this.newSourceBytes > MOST_NEW_SOURCE_BYTES || this.sourceBytes > MOST_SOURCE_BYTES) {
      throw new ReceiverError('too-large', 'too many scopes below too large resources: send them in parts');
    }
    return index;
  }

  private count(): void {
    if (++this.messages > this.exportLimits.spansPerRequest) {
      const most = this.exportLimits.spansPerRequest;
      throw new ReceiverError(
        'too-large',
        `more than ${most} ${this.refusals.noun}s in one request: send them in parts`,
      );
    }
  }

  private joined: Uint8Array = NOTHING;

  /** Puts `first` and `body[start, end)` together into `joined`. False where that is more than a source may be. */
  private join(first: Uint8Array, body: Uint8Array, start: number, end: number): boolean {
    if (first.length + end - start > this.exportLimits.sourceBytes) return false;
    const second = body.subarray(start, end);
    if (first.length === 0) this.joined = second;
    else this.joined = second.length === 0 ? first : Buffer.concat([first, second]);
    return true;
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
