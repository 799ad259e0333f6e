import type { KeyHalves, Lookup, StoredRecord } from '@upshot/model';
import { newestRecords } from '@upshot/storage';
import type { Engine, Limit } from '../engine/Engine.js';
import { decodeRecordRows } from '../native/decodeRecordRows.js';
import { readBlocks } from '../native/NativeBlock.js';
import { RECORD_COLUMNS } from '../schema/recordsTable.js';
import { rowsArrivedSql, type StampRange } from '../sql/arrivalsSql.js';
import { findRecordsSql } from '../sql/findSql.js';
import type { MayHold } from './MayHold.js';

/** Reads event records. */
export class RecordReader {
  constructor(
    private readonly engine: Engine,
    private readonly table: MayHold,
  ) {}

  /** `keys`: those of the look-up. */
  async find(
    lookup: Lookup,
    keys: KeyHalves[],
    options?: Limit,
  ): Promise<{
    readonly records: readonly StoredRecord[];
    readonly more: boolean;
    readonly unavailable: string[];
  }> {
    if (this.table.isEmpty) return { records: [], more: false, unavailable: [] };
    const answers = await Promise.all(
      findRecordsSql(lookup, keys).map((sql) => this.engine.queryReachable(sql, options)),
    );
    const rows = answers.flatMap((answer) => decodeRecordRows(readBlocks(answer.rows)));
    return {
      ...newestRecords(rows, lookup.limit),
      unavailable: answers.flatMap(({ unavailable }) => unavailable),
    };
  }

  async arrived(range: StampRange): Promise<StoredRecord[]> {
    if (this.table.isEmpty) return [];
    return decodeRecordRows(
      readBlocks(await this.engine.query(rowsArrivedSql('records', RECORD_COLUMNS, range))),
    );
  }
}
