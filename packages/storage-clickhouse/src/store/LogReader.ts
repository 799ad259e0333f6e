import type { LogBatch, Lookup } from '@upshot/model';
import { NO_ROWS, newestSpans } from '@upshot/storage';
import type { Engine, Limit } from '../engine/Engine.js';
import { decodeSpanRows } from '../native/decodeSpanRows.js';
import { readBlocks } from '../native/NativeBlock.js';
import { SPAN_COLUMNS } from '../schema/spansTable.js';
import { rowsArrivedSql, type StampRange } from '../sql/arrivalsSql.js';
import { findLogsSql } from '../sql/findSql.js';
import type { MayHold } from './MayHold.js';

/** Reads log records. */
export class LogReader {
  constructor(
    private readonly engine: Engine,
    private readonly table: MayHold,
  ) {}

  async find(
    lookup: Lookup,
    options?: Limit,
  ): Promise<{ readonly logs: LogBatch; readonly more: boolean; readonly unavailable: string[] }> {
    if (this.table.isEmpty) return { logs: NO_ROWS, more: false, unavailable: [] };
    const answers = await Promise.all(
      findLogsSql(lookup).map((sql) => this.engine.queryReachable(sql, options)),
    );
    const { spans, more } = newestSpans(
      answers.map(({ rows }) => decodeSpanRows(readBlocks(rows))),
      lookup.limit,
    );
    return {
      logs: spans,
      more,
      unavailable: [...new Set(answers.flatMap(({ unavailable }) => unavailable))],
    };
  }

  async arrived(range: StampRange, oneIn: number): Promise<LogBatch> {
    if (this.table.isEmpty) return NO_ROWS;
    return decodeSpanRows(
      readBlocks(await this.engine.query(rowsArrivedSql('logs', SPAN_COLUMNS, range, oneIn))),
    );
  }
}
