import { stringLiteral } from './literals.js';

/** Settings travel with each statement: a session's own would leak into later queries (chDB), and servers have sessions of others. */

/**
 * Of every SELECT. Milliseconds are of one look-up, or of the newest entries, over 10 M spans:
 * - `use_top_k_dynamic_filtering` and `read_in_order_use_buffering` defeat reading in the order of the key up to a LIMIT (65 against 6.5 ms).
 * - `use_skip_indexes_on_data_read` pays for scans that are cut short, which look-ups are not (10 against 7 ms).
 * - lazy materialisation, whatever the limit: of a key that millions of rows share, only the rows that are answered are read whole (20,000 of 3.7 M
 *   in 0.3 s and 100 MB; without it in 3.4 s, or not at all).
 * - `pread` on the query's own thread: what is looked up lies in the page cache, mostly.
 */
export const READ_SETTINGS = [
  'use_top_k_dynamic_filtering = 0',
  'read_in_order_use_buffering = 0',
  'use_skip_indexes_on_data_read = 0',
  'query_plan_max_limit_for_lazy_materialization = 0',
  "local_filesystem_read_method = 'pread'",
  'max_threads = 2',
].join(', ');

/** How long a statement may be: 256 KiB by default, and look-ups of large workflows name hundreds of thousands of IDs. */
export const MAX_QUERY_BYTES = 4 * 1024 * 1024;

/** Of every INSERT: rows are durable when it returns, and one group makes one part a day. */
export const WRITE_SETTINGS = [
  'async_insert = 0',
  'max_insert_threads = 1',
  'max_threads = 1',
  'max_partitions_per_insert_block = 1000',
].join(', ');

/** How long a statement may run, and the tag by which KILL QUERY finds it. */
export function executionLimit(timeoutMs: number, tag: string): string {
  return `max_execution_time = ${(Math.max(timeoutMs, 1) / 1000).toFixed(3)}, log_comment = ${stringLiteral(tag)}`;
}
