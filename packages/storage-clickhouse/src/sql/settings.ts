import { stringLiteral } from './literals.js';

/** Settings travel with each statement: a session's own would leak into later queries (chDB), and servers have sessions of others. */

/**
 * Of every SELECT. `use_top_k_dynamic_filtering` defeats the reading in key order of `ORDER BY … DESC LIMIT`
 * (3,250 ms against 79 ms).
 */
export const READ_SETTINGS = [
  'use_top_k_dynamic_filtering = 0',
  'read_in_order_use_buffering = 0',
  'max_threads = 2',
].join(', ');

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
