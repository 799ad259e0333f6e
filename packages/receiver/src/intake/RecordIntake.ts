import type { IncomingHttpHeaders } from 'node:http';
import { attributesOfHeaders } from '../cloudevents/binaryMode.js';
import { cloudEventFrom } from '../cloudevents/cloudEventFrom.js';
import { BadRecord } from '../records/canonicalJson.js';
import type { RecordContext } from '../records/RecordContext.js';
import { type RecordForm, type Records, recordsIn } from '../records/recordsIn.js';
import type { Redaction } from '../redact/Redaction.js';
import type { Lease } from './BytesInFlight.js';
import type { Ingest } from './Ingest.js';
import { busy } from './ReceiverError.js';
import type { ReceiverLimits } from './ReceiverLimits.js';
import type { ReceiverObserver } from './ReceiverObserver.js';
import { stored } from './stored.js';

/** What a record takes in memory beside its texts: objects, keys, the room of its identity. */
const RECORD_BYTES = 600;

/** Event records and CloudEvents: from a body, or from headers, to durable records. */
export class RecordIntake {
  constructor(
    private readonly ingest: Ingest,
    private readonly limits: ReceiverLimits,
    /** Unix nanoseconds. */
    private readonly clock: () => bigint,
    private readonly retentionNano: bigint | null,
    private readonly observer: ReceiverObserver,
    private readonly redaction: Redaction | null = null,
  ) {}

  /** Resolves once all accepted records are durable. @throws ReceiverError */
  async accept(body: Buffer, form: RecordForm, lease: Lease): Promise<Records> {
    return this.store(recordsIn(body, form, this.limits, this.context()), body.length, lease);
  }

  /** The same for a CloudEvent whose attributes are headers. Its body, the event's data, is not stored. */
  async acceptHeaders(headers: IncomingHttpHeaders, lease: Lease): Promise<Records> {
    try {
      const record = cloudEventFrom(attributesOfHeaders(headers), this.context());
      return await this.store({ accepted: [record], rejected: [] }, 0, lease);
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      return this.store({ accepted: [], rejected: [{ index: 0, reason: error.message }] }, 0, lease);
    }
  }

  private async store(records: Records, bytes: number, lease: Lease): Promise<Records> {
    const { accepted, rejected } = records;
    if (accepted.length > 0) {
      if (!lease.resize(bytes + accepted.length * RECORD_BYTES)) throw busy();
      const group = this.ingest.group();
      for (const record of accepted) group.records.push(record);
      this.ingest.added(bytes);
      await stored(group.durable);
    }
    this.observer.records?.(accepted.length, rejected.length);
    return records;
  }

  private context(): RecordContext {
    const now = this.clock();
    const cutoff = this.retentionNano === null ? 0n : now - this.retentionNano;
    return {
      now,
      cutoff: cutoff > 0n ? cutoff : 0n,
      textBytes: this.limits.recordTextBytes,
      valueBytes: this.limits.attributeBytes,
      depth: this.limits.recordDepth,
      ...(this.redaction === null ? {} : { redaction: this.redaction }),
    };
  }
}
