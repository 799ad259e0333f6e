import type { Engine } from '../engine/Engine.js';
import { readBlocks } from '../native/NativeBlock.js';

/**
 * Whether a table may hold rows. Many installations have no event records, or no logs, and each look-up would cost a query for them: where nobody else writes to the store,
 * what was never written is not asked for.
 */
export class MayHold {
  private constructor(private rows: boolean) {}

  static async open(engine: Engine, table: 'records' | 'logs'): Promise<MayHold> {
    if (engine.writerId !== null) return new MayHold(true);
    const any = readBlocks(await engine.query(`SELECT received FROM ${table} LIMIT 1`));
    return new MayHold(any.some(({ rows }) => rows > 0));
  }

  /** To be told of each write before it begins. */
  writing(rows: number): void {
    if (rows > 0) this.rows = true;
  }

  get isEmpty(): boolean {
    return !this.rows;
  }
}
