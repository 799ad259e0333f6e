import { countLiteral } from '../../sql/literals.js';

export interface ChdbLimits {
  /** What the engine may allocate, caches and merges included. */
  readonly maxMemoryBytes: number;
}

export const DEFAULT_LIMITS: ChdbLimits = { maxMemoryBytes: 700 * 1024 * 1024 };

/**
 * The engine's configuration file. By itself chDB takes 90 % of the machine's memory, with a mark cache of 5 GB and pools for a big
 * server; Upshot runs beside what it watches.
 */
export function chdbConfig(limits: ChdbLimits): string {
  const values: [string, number | string][] = [
    ['max_server_memory_usage', countLiteral(limits.maxMemoryBytes)],
    ['mark_cache_size', 32 * 1024 * 1024],
    ['index_mark_cache_size', 8 * 1024 * 1024],
    ['uncompressed_cache_size', 0],
    ['index_uncompressed_cache_size', 64 * 1024 * 1024],
    ['primary_index_cache_size', 16 * 1024 * 1024],
    ['query_condition_cache_size', 4 * 1024 * 1024],
    ['mmap_cache_size', 16],
    ['compiled_expression_cache_size', 1024 * 1024],
    ['background_pool_size', 2],
    ['background_merges_mutations_concurrency_ratio', 1],
    ['background_fetches_pool_size', 1],
    ['background_move_pool_size', 1],
    ['background_common_pool_size', 2],
    ['background_schedule_pool_size', 2],
    ['background_buffer_flush_schedule_pool_size', 1],
    ['background_message_broker_schedule_pool_size', 1],
    ['background_distributed_schedule_pool_size', 1],
    ['max_thread_pool_size', 200],
    ['max_thread_pool_free_size', 8],
    ['tables_loader_foreground_pool_size', 2],
    ['tables_loader_background_pool_size', 1],
    ['asynchronous_metrics_update_period_s', 60],
    ['async_insert_threads', 1],
  ];
  const lines = values.map(([name, value]) => `  <${name}>${value}</${name}>`);
  return `<clickhouse>\n  <logger><level>none</level></logger>\n${lines.join('\n')}\n</clickhouse>\n`;
}
