import { MalformedProtobuf, type SpanBatchBuilder } from '@upshot/model';
import { exportFromJson, type JsonSignal, LOGS_JSON, SPANS_JSON } from '../otlp/json/exportFromJson.js';
import { BadField } from '../otlp/json/fields.js';
import type { OtlpEncoding } from '../otlp/OtlpEncoding.js';
import { ExportDecoder } from '../otlp/protobuf/ExportDecoder.js';
import { LogExportDecoder } from '../otlp/protobuf/LogExportDecoder.js';
import { Refusals } from '../otlp/Refusals.js';
import type { Redaction } from '../redact/Redaction.js';
import { redactExport } from '../redact/redactExport.js';
import type { Lease } from './BytesInFlight.js';
import type { Ingest, IngestGroup } from './Ingest.js';
import { busy, ReceiverError } from './ReceiverError.js';
import type { ReceiverLimits } from './ReceiverLimits.js';
import type { ReceiverObserver } from './ReceiverObserver.js';
import { stored } from './stored.js';

/** What of OTLP is taken in: how its requests are read, and where their rows go. */
export interface OtlpSignal {
  readonly signal: 'traces' | 'logs';
  readonly noun: 'span' | 'log record';
  readonly json: JsonSignal;
  /** The columns of a group that take the rows. */
  rowsOf(group: IngestGroup): SpanBatchBuilder;
  /** Appends the rows of a request. @throws MalformedProtobuf, ReceiverError */
  decode(
    rows: SpanBatchBuilder,
    message: Uint8Array,
    times: { readonly now: bigint; readonly cutoff: bigint },
    refusals: Refusals,
  ): void;
  /** Says what became of an acknowledged request. */
  observe(observer: ReceiverObserver, accepted: number, refusals: Refusals): void;
}

export function tracesSignal(limits: ReceiverLimits): OtlpSignal {
  const decoder = new ExportDecoder(limits);
  return {
    signal: 'traces',
    noun: 'span',
    json: SPANS_JSON,
    rowsOf: (group) => group.spans,
    decode: (rows, message, { cutoff }, refusals) => decoder.decode(rows, message, cutoff, refusals),
    observe: (observer, accepted, { byCode }) => observer.spans?.(accepted, byCode),
  };
}

export function logsSignal(limits: ReceiverLimits): OtlpSignal {
  const decoder = new LogExportDecoder(limits);
  return {
    signal: 'logs',
    noun: 'log record',
    json: LOGS_JSON,
    rowsOf: (group) => group.logs,
    decode: (rows, message, times, refusals) => decoder.decodeLogs(rows, message, times, refusals),
    observe: (observer, accepted, { byCode }) => observer.logs?.(accepted, byCode),
  };
}

/** Exports of one signal by whichever transport: from a body to durable rows. */
export class OtlpIntake {
  constructor(
    readonly of: OtlpSignal,
    private readonly ingest: Ingest,
    private readonly limits: ReceiverLimits,
    /** Unix nanoseconds. */
    private readonly clock: () => bigint,
    private readonly retentionNano: bigint | null,
    private readonly observer: ReceiverObserver,
    private readonly redaction: Redaction | null = null,
  ) {}

  /**
   * Decodes bodies and resolves, once all accepted rows are durable, with those that were refused.
   *
   * Not `async`, like all that stands between here and the port: whoever waits for the store keeps no body alive. From here on `lease`, which
   * held the bodies, holds the rows instead.
   * @throws ReceiverError `undecodable`, `too-large` or `busy`, at once; rejects with `store-failed`
   */
  accept(bodies: readonly Buffer[], encoding: OtlpEncoding, lease: Lease): Promise<Refusals> {
    const refusals = new Refusals(this.retentionNano, this.of.noun);
    const group = this.ingest.group();
    const accepted = this.decode(bodies, encoding, this.of.rowsOf(group), refusals, lease);
    return this.settled(accepted > 0 ? group.durable : null, accepted, refusals);
  }

  private async settled(
    durable: Promise<void> | null,
    accepted: number,
    refusals: Refusals,
  ): Promise<Refusals> {
    if (durable !== null) await stored(durable);
    this.of.observe(this.observer, accepted, refusals);
    return refusals;
  }

  private decode(
    bodies: readonly Buffer[],
    encoding: OtlpEncoding,
    rows: SpanBatchBuilder,
    refusals: Refusals,
    lease: Lease,
  ): number {
    const mark = rows.mark();
    const before = rows.usedBytes;
    const now = this.clock();
    const cutoff = this.retentionNano === null || now < this.retentionNano ? 0n : now - this.retentionNano;
    let bytes = 0;
    try {
      for (const body of bodies) {
        bytes += body.length;
        const whole =
          encoding === 'json' ? exportFromJson(body, this.limits.jsonNodes, refusals, this.of.json) : body;
        const message = this.redaction === null ? whole : redactExport(whole, this.of.signal, this.redaction);
        this.of.decode(rows, message, { now, cutoff }, refusals);
      }
      if (!lease.resize(rows.usedBytes - before)) throw busy();
    } catch (error) {
      rows.rollback(mark);
      throw undecodable(error);
    }
    const accepted = rows.rows - mark.rows;
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
