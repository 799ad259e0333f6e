import { keyText, type Lookup, type StoredRecord } from '@upshot/model';
import { keysOfRecordLookup } from '@upshot/storage';

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
    const own = structuredClone(record);
    this.byIdentity.set(own.identity, own);
    for (const key of own.keys) {
      const text = keyText(key);
      const records = this.byKey.get(text);
      if (records) records.add(own);
      else this.byKey.set(text, new Set([own]));
    }
  }

  find(lookup: Lookup): StoredRecord[] {
    const keys = keysOfRecordLookup(lookup);
    return [...new Set(keys.flatMap((key) => [...(this.byKey.get(keyText(key)) ?? [])]))];
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
