import { MalformedProtobuf } from '@upshot/model';
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
   * Resolves, once all accepted spans are durable, with those that were refused.
   * @param lease what the request holds already: its bodies
   * @throws ReceiverError `undecodable`, `too-large` or `busy` at once; `store-failed` later
   */
  async accept(bodies: readonly Buffer[], encoding: OtlpEncoding, lease: Lease): Promise<Refusals> {
    const refusals = new Refusals(this.retentionNano);
    const { durable, accepted } = this.decode(bodies, encoding, refusals, lease);
    if (accepted > 0) await stored(durable);
    this.observer.spans?.(accepted, refusals.byCode);
    return refusals;
  }

  private decode(bodies: readonly Buffer[], encoding: OtlpEncoding, refusals: Refusals, lease: Lease) {
    const group = this.ingest.group();
    const before = group.spans.usedBytes;
    const mark = group.spans.mark();
    const cutoff = this.retentionNano === null ? 0n : this.clock() - this.retentionNano;
    let bytes = 0;
    try {
      for (const body of bodies) {
        bytes += body.length;
        const message = encoding === 'json' ? exportFromJson(body, this.limits.jsonNodes, refusals) : body;
        this.decoder.decode(group.spans, message, cutoff > 0n ? cutoff : 0n, refusals);
      }
      // Small spans take more room as rows than they took in the body, which is held already.
      const more = group.spans.usedBytes - before - bytes;
      if (more > 0 && !lease.grow(more)) throw busy();
    } catch (error) {
      group.spans.rollback(mark);
      throw undecodable(error);
    }
    const accepted = group.spans.rows - mark.rows;
    if (accepted > 0) this.ingest.added(bytes);
    return { durable: group.durable, accepted };
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
