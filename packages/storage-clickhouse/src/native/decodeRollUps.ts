import { hexAt, type RollUp, type WorkflowStatus } from '@upshot/model';
import { NEVER } from '../schema/rollUpsTable.js';
import type { NativeBlock } from './NativeBlock.js';
import { textOf } from './NativeReader.js';

/** The rows of an answer with the columns of `ROLL_UP_COLUMNS`. */
export function decodeRollUps(blocks: readonly NativeBlock[]): RollUp[] {
  return blocks.flatMap((block) => {
    const ids = block.fixed('id');
    const gone = block.fixed('gone');
    const statuses = block.dictionary('status');
    const statusTexts = statuses.values.map(textOf);
    return Array.from({ length: block.rows }, (_, row): RollUp => {
      const changesAt = block.uint64('changes_at', row);
      return {
        id: hexAt(ids, row * 8, 8),
        timeUnixNano: block.uint64('time', row),
        version: block.uint64('version', row),
        gone: gone[row] === 1,
        key: block.text('key', row),
        // What was written was one: rows are written from notes alone.
        status: statusTexts[statuses.indexes[row]!] as WorkflowStatus,
        changesAtUnixNano: changesAt === NEVER ? null : changesAt,
        facets: JSON.parse(block.text('facets', row)) as string[],
        row: block.text('content', row),
        lesson: block.text('lesson', row),
      };
    });
  });
}
