import { keyText, type Lookup, type StoredRecord } from '@upshot/model';
import { keysLeftOutOfRecords, keysOfRecordLookup } from '@upshot/storage';

/** Event records, and by which keys they are found. */
export class RecordIndex {
  private byIdentity = new Map<string, StoredRecord>();
  private readonly byKey = new Map<string, Set<StoredRecord>>();

  get size(): number {
    return this.byIdentity.size;
  }

  /** A record of an identity that is here already changes nothing. */
  add(record: StoredRecord): void {
    if (this.byIdentity.has(record.identity)) return;
    this.byIdentity.set(record.identity, record);
    for (const key of record.keys) {
      const text = keyText(key);
      const records = this.byKey.get(text);
      if (records) records.add(record);
      else this.byKey.set(text, new Set([record]));
    }
  }

  find(lookup: Lookup): StoredRecord[] {
    const keys = keysOfRecordLookup(lookup);
    const leftOut = new Set(keysLeftOutOfRecords(lookup).map(keyText));
    const found = new Set<StoredRecord>();
    for (const key of keys) {
      for (const record of this.byKey.get(keyText(key)) ?? []) {
        if (leftOut.size === 0 || !record.keys.some((own) => leftOut.has(keyText(own)))) found.add(record);
      }
    }
    return [...found];
  }

  all(): Iterable<StoredRecord> {
    return this.byIdentity.values();
  }

  expire(before: bigint): void {
    this.keep(({ timeUnixNano }) => timeUnixNano >= before);
  }

  /** Forgets all records but these. */
  keep(isKept: (record: StoredRecord) => boolean): void {
    const kept = [...this.byIdentity.values()].filter(isKept);
    if (kept.length === this.byIdentity.size) return;
    this.byIdentity = new Map();
    this.byKey.clear();
    for (const record of kept) this.add(record);
  }
}
