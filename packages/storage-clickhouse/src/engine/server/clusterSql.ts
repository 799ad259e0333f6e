import { stringLiteral } from '../../sql/literals.js';

/** A cluster as statements see it. */
export interface ClusterLayout {
  readonly name: string;
  readonly database: string;
  /** Shards have copies: their tables are kept alike through a Keeper. */
  readonly replicated: boolean;
}

/** What the tables of one shard are called. Under the plain name stands the table that spreads over all shards, and reads of all. */
const SHARD_SUFFIX = '_shard';

/**
 * By what rows are spread. Rows of one identity go to one shard, and so do all versions of a note, all rows of a minute's tallies and
 * all texts of one name, for what is the latest is found shard by shard. Spans go by their own ID and not by their trace's: one trace of a million
 * spans does not fill a shard, and all shards read what one look-up asks for.
 */
const SPREAD_BY: { readonly [table: string]: string } = {
  spans: 'cityHash64(span_id)',
  records: 'cityHash64(identity)',
  logs: 'cityHash64(span_id, start, tail)',
  roll_ups: 'cityHash64(time, id)',
  tallies: 'cityHash64(minute)',
  documents: 'cityHash64(name)',
  schema_versions: 'version',
};

const STATEMENT =
  /^(CREATE TABLE IF NOT EXISTS|ALTER TABLE|TRUNCATE TABLE|OPTIMIZE TABLE|DELETE FROM) ([a-z_]+)\b([\s\S]*)$/;
/** Changes of columns, which the table over all shards has to follow. */
const COLUMNS_CHANGE = /\b(ADD|DROP|MODIFY|RENAME) COLUMN\b/;
const ENGINE = /ENGINE = ((?:Replacing)?MergeTree)(?:\(([a-z_]+)\))?/;

/**
 * A statement that changes a table, written for one server, as the statements that each node of a cluster runs. INSERT stays as it is: it
 * goes through the table over all shards. `everywhere`: the nodes are reached by `ON CLUSTER`; otherwise one by one.
 */
export function clusterStatements(sql: string, layout: ClusterLayout, everywhere: boolean): string[] {
  const match = STATEMENT.exec(sql);
  if (!match) throw new TypeError(`no statement that is known on a cluster: ${sql.slice(0, 60)}`);
  const [, verb, table, rest] = match as unknown as [string, string, string, string];
  const on = everywhere ? ` ON CLUSTER ${stringLiteral(layout.name)}` : '';
  const changed = `${verb} ${table}${SHARD_SUFFIX}${on}${verb.startsWith('CREATE') ? shardTable(table, rest, layout) : rest}`;
  if (verb.startsWith('CREATE'))
    return [changed, `CREATE TABLE IF NOT EXISTS ${table}${on}${overShards(table, layout)}`];
  if (verb.startsWith('ALTER') && COLUMNS_CHANGE.test(rest))
    return [changed, `CREATE OR REPLACE TABLE ${table}${on}${overShards(table, layout)}`];
  return [changed];
}

/**
 * A question as it is put to a cluster. System tables speak of one node: what is said of parts and of running statements is gathered from all, and parts
 * go by the names that the rest of the code knows.
 */
export function clusterQuestion(sql: string, { name }: ClusterLayout): string {
  const cluster = stringLiteral(name);
  const table = `if(endsWith(table, ${stringLiteral(SHARD_SUFFIX)}), substring(table, 1, length(table) - ${SHARD_SUFFIX.length}), table)`;
  return sql
    .replaceAll(
      'FROM system.parts',
      `FROM (SELECT * REPLACE (${table} AS table) FROM cluster(${cluster}, system.parts))`,
    )
    .replaceAll('FROM system.processes', `FROM clusterAllReplicas(${cluster}, system.processes)`);
}

function overShards(table: string, { name, database }: ClusterLayout): string {
  const parts = [name, database, `${table}${SHARD_SUFFIX}`].map(stringLiteral).join(', ');
  return ` AS ${table}${SHARD_SUFFIX} ENGINE = Distributed(${parts}, ${SPREAD_BY[table] ?? 'rand()'})`;
}

/** Copies of a shard find each other by the path, whose `{shard}` and `{replica}` are macros of the server's configuration. */
function shardTable(table: string, rest: string, { database, replicated }: ClusterLayout): string {
  if (!replicated) return rest;
  return rest.replace(ENGINE, (_all, engine: string, version: string | undefined) => {
    const path = stringLiteral(`/clickhouse/tables/{shard}/${database}/${table}`);
    const parts = [path, stringLiteral('{replica}'), ...(version === undefined ? [] : [version])];
    return `ENGINE = Replicated${engine}(${parts.join(', ')})`;
  });
}
