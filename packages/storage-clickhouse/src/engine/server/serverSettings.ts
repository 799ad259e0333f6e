import { MAX_QUERY_BYTES, READ_SETTINGS, WRITE_SETTINGS } from '../../sql/settings.js';

export type Settings = Readonly<Record<string, string | number>>;

/** How many threads read, and how, is the server's own matter: it is not this machine. */
const OWN_MACHINE = new Set(['max_threads', 'local_filesystem_read_method']);

/** How answers come. Beside the statement, for not every kind of statement takes a FORMAT. */
export const NATIVE: Settings = { default_format: 'Native' };

/** Of every question. */
export const SERVER_READ_SETTINGS: Settings = {
  ...settingsIn(READ_SETTINGS),
  max_query_size: MAX_QUERY_BYTES,
  // What reads only is ended when nobody waits for it any more.
  cancel_http_readonly_queries_on_client_close: 1,
};

/** Of every INSERT. Through a table over all shards it returns when each shard has stored its part. */
export const SERVER_WRITE_SETTINGS: Settings = {
  ...settingsIn(WRITE_SETTINGS),
  distributed_foreground_insert: 1,
};

/** Of every question to a cluster. Tables within one question are those of the same shard: rows that belong together lie together (see `clusterStatements`). */
export const CLUSTER_READ_SETTINGS: Settings = { distributed_product_mode: 'local' };

/** Where shards have copies: what was stored is in more than half of them, and the copy that is asked has it. */
export const REPLICATED_WRITE_SETTINGS: Settings = { insert_quorum: 'auto', insert_quorum_parallel: 0 };
export const REPLICATED_READ_SETTINGS: Settings = { select_sequential_consistency: 1 };

/** Those that the server knows: an older one lacks some that only make it quicker. */
export function knownSettings(settings: Settings, known: ReadonlySet<string>): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => known.has(name)));
}

/** The settings of a SETTINGS clause, less those that speak of this machine. */
function settingsIn(clause: string): Settings {
  return Object.fromEntries(
    clause.split(', ').flatMap((one) => {
      const [name, value] = one.split(' = ') as [string, string];
      return OWN_MACHINE.has(name) ? [] : [[name, value.replaceAll("'", '')]];
    }),
  );
}
