import { MalformedProtobuf, type SpanBatchBuilder } from '@upshot/model';
import { exportFromJson } from '../otlp/json/exportFromJson.js';
import { BadField } from '../otlp/json/fields.js';
import type { OtlpEncoding } from '../otlp/OtlpEncoding.js';
import { ExportDecoder } from '../otlp/protobuf/ExportDecoder.js';
import { Refusals } from '../otlp/Refusals.js';
import type { Lease } from './BytesInFlight.js';
import type { Ingest } from './Ingest.js';
import { busy, ReceiverError } from './ReceiverError.js';
import type { ReceiverLimits } from './ReceiverLimits.js';
import type { ReceiverObserver } from './ReceiverObserver.js';
import { stored } from './stored.js';

/** Trace exports of whichever transport: from a body to durable rows. */
export class TraceIntake {
  private readonly decoder: ExportDecoder;

  constructor(
    private readonly ingest: Ingest,
    private readonly limits: ReceiverLimits,
    /** Unix nanoseconds. */
    private readonly clock: () => bigint,
    private readonly retentionNano: bigint | null,
    private readonly observer: ReceiverObserver,
  ) {
    this.decoder = new ExportDecoder(limits);
  }

  /**
   * Decodes bodies and resolves, once all accepted spans are durable, with those that were refused.
   *
   * Not `async`, like all that stands between here and the port: whoever waits for the store keeps no body alive. From here on `lease`, which
   * held the bodies, holds the rows instead.
   * @throws ReceiverError `undecodable`, `too-large` or `busy`, at once; rejects with `store-failed`
   */
  accept(bodies: readonly Buffer[], encoding: OtlpEncoding, lease: Lease): Promise<Refusals> {
    const refusals = new Refusals(this.retentionNano);
    const group = this.ingest.group();
    const accepted = this.decode(bodies, encoding, group.spans, refusals, lease);
    return this.settled(accepted > 0 ? group.durable : null, accepted, refusals);
  }

  private async settled(
    durable: Promise<void> | null,
    accepted: number,
    refusals: Refusals,
  ): Promise<Refusals> {
    if (durable !== null) await stored(durable);
    this.observer.spans?.(accepted, refusals.byCode);
    return refusals;
  }

  private decode(
    bodies: readonly Buffer[],
    encoding: OtlpEncoding,
    spans: SpanBatchBuilder,
    refusals: Refusals,
    lease: Lease,
  ): number {
    const mark = spans.mark();
    const before = spans.usedBytes;
    const cutoff = this.retentionNano === null ? 0n : this.clock() - this.retentionNano;
    let bytes = 0;
    try {
      for (const body of bodies) {
        bytes += body.length;
        const message = encoding === 'json' ? exportFromJson(body, this.limits.jsonNodes, refusals) : body;
        this.decoder.decode(spans, message, cutoff > 0n ? cutoff : 0n, refusals);
      }
      if (!lease.resize(spans.usedBytes - before)) throw busy();
    } catch (error) {
      spans.rollback(mark);
      throw undecodable(error);
    }
    const accepted = spans.rows - mark.rows;
    if (accepted > 0) this.ingest.added(bytes);
    return accepted;
  }
}

function undecodable(error: unknown): unknown {
  const cause = { cause: error };
  if (error instanceof MalformedProtobuf) {
    return new ReceiverError('undecodable', `the body is no OTLP protobuf: ${error.message}`, cause);
  }
  if (error instanceof SyntaxError) {
    return new ReceiverError('undecodable', `the body is no JSON: ${error.message}`, cause);
  }
  if (error instanceof BadField) {
    return new ReceiverError('undecodable', `the body is no OTLP/JSON: ${error.message}`, cause);
  }
  return error;
}
