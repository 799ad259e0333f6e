import { VOCABULARY_VERSION } from '@upshot/conventions';
import type { Reread } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeSpanRows } from '../native/decodeSpanRows.js';
import { type NativeBlock, readBlocks } from '../native/NativeBlock.js';
import { deleteOutdatedSql, outdatedCountSql, outdatedSql, REINDEXED } from '../sql/outdatedSql.js';
import type { WriteQueue } from './WriteQueue.js';
import type { WriteStamps } from './WriteStamps.js';

/** Puts rows whose keys were made under an older vocabulary in the place of themselves, with the keys of today. */
export class Reindexing {
  constructor(
    private readonly engine: Engine,
    private readonly writes: WriteQueue,
    private readonly stamps: WriteStamps,
  ) {}

  async outdated(): Promise<number> {
    let rows = 0;
    for (const table of REINDEXED) {
      const block = readBlocks(await this.engine.query(outdatedCountSql(table, VOCABULARY_VERSION)))[0];
      rows += block?.count('row_count', 0) ?? 0;
    }
    return rows;
  }

  /**
   * The new rows are there before the old ones go: whatever happens in between, none is lost, and one that is there twice does no harm. What an older Upshot on
   * the same tables is still writing waits for a later step: what becomes visible between reading and deleting would be deleted unread.
   */
  async step(reread: Reread, limit: number): Promise<number> {
    const { stamp } = await this.stamps.settled();
    for (const table of REINDEXED) {
      const blocks = readBlocks(
        await this.engine.query(outdatedSql(table, VOCABULARY_VERSION, { until: stamp, limit })),
      );
      const old = decodeSpanRows(blocks);
      if (old.rows === 0) continue;
      const rows = reread[table](old);
      await this.writes.write(
        table === 'spans' ? { spans: [rows], records: [] } : { spans: [], records: [], logs: [rows] },
      );
      await this.engine.command(deleteOutdatedSql(table, VOCABULARY_VERSION, lastStamp(blocks)));
      return old.rows;
    }
    return 0;
  }
}

function lastStamp(blocks: readonly NativeBlock[]): bigint {
  let last = 0n;
  for (const block of blocks) {
    for (let row = 0; row < block.rows; row++) {
      const stamp = block.uint64('received', row);
      if (stamp > last) last = stamp;
    }
  }
  return last;
}
