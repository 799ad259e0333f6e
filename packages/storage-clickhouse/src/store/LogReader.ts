import type { LogBatch, Lookup } from '@upshot/model';
import { NO_ROWS, newestSpans, type WriteBatch } from '@upshot/storage';
import type { Engine, Limit } from '../engine/Engine.js';
import { decodeSpanRows } from '../native/decodeSpanRows.js';
import { readBlocks } from '../native/NativeBlock.js';
import { SPAN_COLUMNS } from '../schema/spansTable.js';
import { rowsArrivedSql, type StampRange } from '../sql/arrivalsSql.js';
import { findLogsSql } from '../sql/findSql.js';

/**
 * Reads log records. Many installations have none, and each look-up would cost a query: where nobody else writes to the store, what was never written
 * is not asked for.
 */
export class LogReader {
  private constructor(
    private readonly engine: Engine,
    private mayHold: boolean,
  ) {}

  static async open(engine: Engine): Promise<LogReader> {
    if (engine.writerId !== null) return new LogReader(engine, true);
    const any = readBlocks(await engine.query('SELECT received FROM logs LIMIT 1'));
    return new LogReader(
      engine,
      any.some(({ rows }) => rows > 0),
    );
  }

  /** To be told of each write before it begins. */
  writing({ logs = [] }: WriteBatch): void {
    if (logs.some(({ rows }) => rows > 0)) this.mayHold = true;
  }

  get isEmpty(): boolean {
    return !this.mayHold;
  }

  async find(
    lookup: Lookup,
    options?: Limit,
  ): Promise<{ readonly logs: LogBatch; readonly more: boolean; readonly unavailable: string[] }> {
    if (!this.mayHold) return { logs: NO_ROWS, more: false, unavailable: [] };
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
    if (!this.mayHold) return NO_ROWS;
    return decodeSpanRows(
      readBlocks(await this.engine.query(rowsArrivedSql('logs', SPAN_COLUMNS, range, oneIn))),
    );
  }
}
