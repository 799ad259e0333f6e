import { createHash } from 'node:crypto';
import {
  type Arrivals,
  type EntryPoint,
  type Found,
  LogKind,
  type Lookup,
  type RollUp,
  type RollUpCount,
  type RollUpCountQuery,
  type RollUpQuery,
  type TallyCell,
  type TallyQuery,
  type TallySum,
} from '@upshot/model';
import {
  compareEntries,
  type EntryQuery,
  gatherSpans,
  type NamedText,
  NO_ROWS,
  type NoteRemoval,
  newestRecords,
  newestRows,
  type Removal,
  type SpanRow,
  StorageError,
  type Store,
  type StoreStatistics,
  startOf,
  startOfRow,
  type WriteBatch,
} from '@upshot/storage';
import { ArrivalLog } from './ArrivalLog.js';
import { RecordIndex } from './RecordIndex.js';
import { RollUpIndex } from './RollUpIndex.js';
import { SpanIndex, spanIdOf, traceIdOf } from './SpanIndex.js';
import { TallyIndex } from './TallyIndex.js';

/** The storage contract over arrays and maps: for tests and for a first look. Nothing survives the process. */
export class MemoryStore implements Store {
  readonly description = 'store in memory, not durable';
  private readonly spans = new SpanIndex();
  private readonly records = new RecordIndex();
  private readonly logs = new SpanIndex();
  private readonly log = new ArrivalLog();
  private readonly rollUpIndex = new RollUpIndex();
  private readonly tallyIndex = new TallyIndex();
  private readonly documentTexts = new Map<string, string>();
  private closed = false;

  async write(batch: WriteBatch): Promise<void> {
    this.mustBeOpen();
    const rows = batch.spans.flatMap((spans) => this.spans.add(spans));
    // Copied, for what was given is the caller's, and frozen, for what is found is handed out as it is.
    const records = batch.records.map((record) => frozen(structuredClone(record)));
    for (const record of records) this.records.add(record);
    const logs = (batch.logs ?? []).flatMap((logs) => this.logs.add(logs));
    this.log.add(rows, records, logs.filter(tellsOfException));
  }

  async find(lookup: Lookup): Promise<Found> {
    this.mustBeOpen();
    const { since = 0n, until, limit, among = 'rows' } = lookup;
    const isWithin = (time: bigint) => time >= since && (until === undefined || time <= until);
    const logs = this.logs.find(lookup).filter((row) => isWithin(startOfRow(row)));
    if (among === 'logs') {
      return {
        spans: NO_ROWS,
        records: [],
        logs: gatherSpans(newestRows(logs, limit)),
        more: logs.length > limit,
        unavailable: [],
      };
    }
    const rows = this.spans.find(lookup).filter((row) => isWithin(startOfRow(row)));
    const cut = rows.length > limit;
    const { records, more } = newestRecords(
      this.records.find(lookup).filter(({ timeUnixNano }) => isWithin(timeUnixNano)),
      limit,
    );
    return {
      spans: gatherSpans(cut ? newestRows(rows, limit) : rows),
      records,
      logs: gatherSpans(newestRows(logs.filter(tellsOfException), limit)),
      more: cut || more,
      unavailable: [],
    };
  }

  async entries({ before, since = 0n, limit }: EntryQuery): Promise<EntryPoint[]> {
    this.mustBeOpen();
    const entries: EntryPoint[] = this.spans.entries().map((row) => ({
      timeUnixNano: startOfRow(row),
      traceId: traceIdOf(row),
      spanId: spanIdOf(row),
      eventId: '',
    }));
    for (const { timeUnixNano, record } of this.records.all()) {
      entries.push({
        timeUnixNano,
        traceId: record.traceId,
        spanId: record.spanId ?? '',
        eventId: record.eventId,
      });
    }
    return entries
      .filter(({ timeUnixNano }) => timeUnixNano >= since && (before === undefined || timeUnixNano < before))
      .sort(compareEntries)
      .slice(0, limit);
  }

  async statistics(): Promise<StoreStatistics> {
    this.mustBeOpen();
    return {
      spans: this.spans.size,
      records: this.records.size,
      logs: this.logs.size,
      bytes: 0,
      oldestDay: null,
    };
  }

  async arrivals(after: bigint | null, limit: number): Promise<Arrivals> {
    this.mustBeOpen();
    return this.log.after(after, limit);
  }

  async arrived(after: bigint | null, until: bigint, oneIn = 1): Promise<Found> {
    this.mustBeOpen();
    const { spans, records, logs } = this.log.between(after, until);
    return {
      spans: gatherSpans(spans.filter(({ batch, row }) => batch.traceIds[row * 16]! % oneIn === 0)),
      records,
      logs: gatherSpans(logs),
      more: false,
      unavailable: [],
    };
  }

  async writeRollUps(rollUps: readonly RollUp[]): Promise<void> {
    this.mustBeOpen();
    this.rollUpIndex.add(rollUps);
  }

  async rollUps(query: RollUpQuery): Promise<RollUp[]> {
    this.mustBeOpen();
    return this.rollUpIndex.find(query);
  }

  async countRollUps(query: RollUpCountQuery): Promise<RollUpCount[]> {
    this.mustBeOpen();
    return this.rollUpIndex.counts(query);
  }

  async writeTallies(cells: readonly TallyCell[]): Promise<void> {
    this.mustBeOpen();
    this.tallyIndex.add(cells);
  }

  async tallies(query: TallyQuery): Promise<TallySum[]> {
    this.mustBeOpen();
    return this.tallyIndex.sums(query);
  }

  async document(name: string): Promise<string | null> {
    this.mustBeOpen();
    return this.documentTexts.get(name) ?? null;
  }

  async documents(prefix: string): Promise<NamedText[]> {
    this.mustBeOpen();
    return [...this.documentTexts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, text]) => ({ name, text }));
  }

  async putDocument(name: string, text: string): Promise<void> {
    this.mustBeOpen();
    this.documentTexts.set(name, text);
  }

  async clearRollUps(): Promise<void> {
    this.mustBeOpen();
    this.rollUpIndex.clear();
    this.tallyIndex.clear();
  }

  async remove({ spans, instead, records, logs }: Removal): Promise<void> {
    this.mustBeOpen();
    const gone = {
      spans: new Set(spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`)),
      records: new Set(records),
      logs: new Set(
        logs.map(
          ({ traceId, spanId, timeUnixNano, tailMd5 }) =>
            `${traceId.padStart(32, '0')}/${spanId.padStart(16, '0')}/${timeUnixNano}/${tailMd5}`,
        ),
      ),
    };
    const keepsSpan = (row: SpanRow) => !gone.spans.has(`${traceIdOf(row)}/${spanIdOf(row)}`);
    const keepsRecord = ({ identity }: { readonly identity: string }) => !gone.records.has(identity);
    const keepsLog = (row: SpanRow) =>
      !gone.logs.has(`${traceIdOf(row)}/${spanIdOf(row)}/${startOfRow(row)}/${tailMd5Of(row)}`);
    this.spans.keep(keepsSpan);
    this.records.keep(keepsRecord);
    this.logs.keep(keepsLog);
    this.log.keep(keepsSpan, keepsRecord, keepsLog);
    await this.write({ spans: [instead], records: [] });
  }

  /** What is here was keyed by this very process. */
  async outdated(): Promise<number> {
    this.mustBeOpen();
    return 0;
  }

  async reindex(): Promise<number> {
    return this.outdated();
  }

  /** Of notes only the latest version is kept here. */
  async removeNotes(_removal: NoteRemoval): Promise<void> {
    this.mustBeOpen();
  }

  async expire(before: bigint): Promise<void> {
    this.mustBeOpen();
    this.spans.expire(before);
    this.records.expire(before);
    this.logs.expire(before);
    this.log.expire(before);
    this.rollUpIndex.expire(before);
    this.tallyIndex.expire(before);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private mustBeOpen(): void {
    if (this.closed) throw new StorageError('closed', `The ${this.description}, was closed.`);
  }
}

function frozen<Value>(value: Value): Value {
  // Bytes can't be frozen.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function tellsOfException({ batch, row }: SpanRow): boolean {
  return batch.kinds[row] === LogKind.exception;
}

function tailMd5Of({ batch: { tails }, row }: SpanRow): string {
  const tail = tails.bytes.subarray(startOf(tails.ends, row), tails.ends[row]!);
  return createHash('md5').update(tail).digest('hex');
}
