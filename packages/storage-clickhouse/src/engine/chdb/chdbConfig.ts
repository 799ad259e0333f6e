import { countLiteral } from '../../sql/literals.js';

export interface ChdbLimits {
  /** What the engine may allocate, caches and merges included. */
  readonly maxMemoryBytes: number;
}

const MIB = 1024 * 1024;
/** Merges at a time. Ingest and answers need the processor more. */
const MERGE_THREADS = 2;

export const DEFAULT_LIMITS: ChdbLimits = { maxMemoryBytes: 700 * MIB };

/**
 * The engine's configuration file. By itself chDB takes 90 % of the machine's memory, with a mark cache of 5 GB and pools for a big
 * server; Upshot runs beside what it watches.
 */
export function chdbConfig(limits: ChdbLimits): string {
  const values: [string, number | string][] = [
    ['max_server_memory_usage', countLiteral(limits.maxMemoryBytes)],
    // Memory that is free but kept for reuse goes back to the system early: half of the peak would be that.
    ['memory_worker_purge_dirty_pages_threshold_ratio', 0.05],
    ['mark_cache_size', 32 * MIB],
    ['index_mark_cache_size', 8 * MIB],
    ['uncompressed_cache_size', 0],
    // Bloom filters of look-ups: 1.2 B a span. Of 30 million spans 32 MB did not hold them, and each look-up unpacked them anew (one trace in 63 ms instead of 34).
    ['index_uncompressed_cache_size', 96 * MIB],
    ['primary_index_cache_size', 16 * MIB],
    ['query_condition_cache_size', 4 * MIB],
    ['compiled_expression_cache_size', MIB],
    ['background_pool_size', MERGE_THREADS],
    ['background_merges_mutations_concurrency_ratio', 1],
    ['background_fetches_pool_size', 1],
    ['background_move_pool_size', 1],
    ['background_common_pool_size', 2],
    ['background_schedule_pool_size', 2],
    ['max_active_parts_loading_thread_pool_size', 2],
    ['max_outdated_parts_loading_thread_pool_size', 2],
    ['max_parts_cleaning_thread_pool_size', 2],
    ['tables_loader_foreground_pool_size', 2],
    ['tables_loader_background_pool_size', 1],
  ];
  return [
    '<clickhouse>',
    '  <logger><level>none</level></logger>',
    ...values.map(([name, value]) => `  <${name}>${value}</${name}>`),
    '  <merge_tree>',
    // By default merges stay small and mutations wait until 8 and 20 threads are free, which a pool of two never has.
    `    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>${MERGE_THREADS}</number_of_free_entries_in_pool_to_lower_max_size_of_merge>`,
    '    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>',
    '    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>',
    '  </merge_tree>',
    '</clickhouse>',
    '',
  ].join('\n');
}
