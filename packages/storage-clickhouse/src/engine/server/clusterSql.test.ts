import { describe, expect, it } from 'vitest';
import { MIGRATIONS, TABLES, VERSION_TABLE } from '../../schema/migrations.js';
import { dropPartitionSql, expiredPartitionsSql } from '../../sql/expireSql.js';
import { STATISTICS_SQL } from '../../sql/statisticsSql.js';
import { type ClusterLayout, clusterQuestion, clusterStatements } from './clusterSql.js';

const layout: ClusterLayout = { name: 'main', database: 'traces', replicated: false };
const replicated = { ...layout, replicated: true };

describe('statements for a cluster', () => {
  it('make a table on each shard, and one over all', () => {
    const sql =
      'CREATE TABLE IF NOT EXISTS documents (\n  name String\n) ENGINE = ReplacingMergeTree(written)\nORDER BY name';
    expect(clusterStatements(sql, layout, false)).toEqual([
      'CREATE TABLE IF NOT EXISTS documents_shard (\n  name String\n) ENGINE = ReplacingMergeTree(written)\nORDER BY name',
      "CREATE TABLE IF NOT EXISTS documents AS documents_shard ENGINE = Distributed('main', 'traces', 'documents_shard', cityHash64(name))",
    ]);
    expect(clusterStatements(sql, replicated, true)).toEqual([
      "CREATE TABLE IF NOT EXISTS documents_shard ON CLUSTER 'main' (\n  name String\n) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/traces/documents', '{replica}', written)\nORDER BY name",
      "CREATE TABLE IF NOT EXISTS documents ON CLUSTER 'main' AS documents_shard ENGINE = Distributed('main', 'traces', 'documents_shard', cityHash64(name))",
    ]);
  });

  it('have copies where shards have copies, for every table there is', () => {
    for (const sql of [...TABLES, VERSION_TABLE]) {
      const [shard] = clusterStatements(sql, replicated, true);
      expect(shard).toMatch(
        /ENGINE = Replicated(Replacing)?MergeTree\('\/clickhouse\/tables\/\{shard\}\/traces\/[a-z_]+', '\{replica\}'(, [a-z]+)?\)/,
      );
      expect(shard).not.toMatch(/ENGINE = (Replacing)?MergeTree/);
    }
  });

  it('spread every table by what keeps together what is compared', () => {
    for (const sql of [...TABLES, VERSION_TABLE])
      expect(clusterStatements(sql, layout, false)[1]).not.toContain('rand()');
  });

  it('make the table over all shards anew when columns change, and only then', () => {
    expect(clusterStatements('ALTER TABLE spans ADD COLUMN IF NOT EXISTS a UInt8', layout, true)).toEqual([
      "ALTER TABLE spans_shard ON CLUSTER 'main' ADD COLUMN IF NOT EXISTS a UInt8",
      "CREATE OR REPLACE TABLE spans ON CLUSTER 'main' AS spans_shard ENGINE = Distributed('main', 'traces', 'spans_shard', cityHash64(span_id))",
    ]);
    expect(clusterStatements('ALTER TABLE spans MATERIALIZE INDEX by_span', layout, false)).toEqual([
      'ALTER TABLE spans_shard MATERIALIZE INDEX by_span',
    ]);
    expect(clusterStatements(dropPartitionSql('spans', '20260101'), layout, false)).toEqual([
      "ALTER TABLE spans_shard DROP PARTITION ID '20260101'",
    ]);
    expect(clusterStatements('TRUNCATE TABLE roll_ups', layout, true)).toEqual([
      "TRUNCATE TABLE roll_ups_shard ON CLUSTER 'main'",
    ]);
  });

  it('know every migration', () => {
    for (const sql of Object.values(MIGRATIONS).flat())
      expect(clusterStatements(sql, layout, true)).not.toEqual([]);
    expect(() => clusterStatements('RENAME TABLE a TO b', layout, true)).toThrow(TypeError);
  });
});

describe('questions to a cluster', () => {
  it('gather what each node says of its parts, under the names of the tables over all', () => {
    const parts =
      "FROM (SELECT * REPLACE (if(endsWith(table, '_shard'), substring(table, 1, length(table) - 6), table) AS table) FROM cluster('main', system.parts)) WHERE active";
    expect(clusterQuestion(STATISTICS_SQL, layout)).toContain(parts);
    expect(clusterQuestion(expiredPartitionsSql(20_000), layout)).toContain(parts);
  });

  it('are otherwise the same', () => {
    expect(clusterQuestion('SELECT a FROM spans', layout)).toBe('SELECT a FROM spans');
  });
});
