import { StorageError } from '@upshot/storage';
import { stringLiteral } from '../../sql/literals.js';
import { type ClusterLayout, clusterStatements } from './clusterSql.js';
import { codeOf, type Endpoint } from './Endpoint.js';
import { type Ask, textsOf } from './inspectServer.js';
import { describeLocation, type ServerLocation } from './ServerLocation.js';

/** What a server says to ON CLUSTER that has no queue for it: QUERY_IS_PROHIBITED, NO_ELEMENTS_IN_CONFIG, SUPPORT_IS_DISABLED. */
const NO_QUEUE = new Set([392, 139, 344]);

/** A server of the cluster, as the one that was asked knows it. */
interface Node {
  readonly shard: string;
  readonly copy: string;
  readonly host: string;
  readonly isLocal: boolean;
}

export interface ClusterNodes {
  readonly layout: ClusterLayout;
  /** The numbers of all shards. */
  readonly shards: readonly string[];
  /** One server of each shard, by HTTP. */
  readonly places: readonly ServerLocation['hosts'][number][];
}

/** What a server knows of the cluster that the location names. Rejects with `misused` where there is none. */
export async function clusterNodes(ask: Ask, location: ServerLocation, name: string): Promise<ClusterNodes> {
  const sql = `SELECT toString((shard_num, replica_num, host_name, is_local)) AS text FROM system.clusters WHERE cluster = ${stringLiteral(name)} ORDER BY shard_num, replica_num`;
  const nodes = textsOf(await ask(sql)).map(nodeOf);
  if (nodes.length === 0) {
    const known = textsOf(await ask('SELECT DISTINCT cluster AS text FROM system.clusters ORDER BY cluster'));
    throw new StorageError(
      'misused',
      `${describeLocation(location)}: the server knows no cluster of this name; it knows ${known.join(', ') || 'none'}.`,
    );
  }
  const layout = { name, database: location.database, replicated: nodes.some(({ copy }) => copy !== '1') };
  const shards = [...new Set(nodes.map(({ shard }) => shard))];
  return { layout, shards, places: await placesOf(ask, location, layout, nodes) };
}

/** Runs statements on every node: by the cluster's own queue where it has one (a Keeper), otherwise one node after the other. */
export class EachNode {
  private hasQueue = true;

  constructor(
    private readonly ask: Ask,
    private readonly nodes: readonly Endpoint[],
    private readonly layout: ClusterLayout,
    private readonly queryId: () => string,
  ) {}

  /** Makes the database where a node has none. */
  createDatabase(): Promise<void> {
    const { name, database } = this.layout;
    const sql = `CREATE DATABASE IF NOT EXISTS ${database}`;
    return this.run((everywhere) => [everywhere ? `${sql} ON CLUSTER ${stringLiteral(name)}` : sql]);
  }

  command(sql: string): Promise<void> {
    return this.run((everywhere) => clusterStatements(sql, this.layout, everywhere));
  }

  private async run(statements: (everywhere: boolean) => readonly string[]): Promise<void> {
    if (this.hasQueue) {
      try {
        for (const sql of statements(true)) await this.ask(sql, { distributed_ddl_output_mode: 'throw' });
        return;
      } catch (error) {
        if (!NO_QUEUE.has(codeOf(error) ?? 0)) throw error;
        this.hasQueue = false;
      }
    }
    if (this.layout.replicated) {
      throw new StorageError(
        'misused',
        `The shards of cluster ${this.layout.name} have copies, and its servers have no queue for ON CLUSTER: configure zookeeper and distributed_ddl.`,
      );
    }
    for (const sql of statements(false))
      for (const node of this.nodes) await node.run({ sql, queryId: this.queryId() });
  }
}

/** Where each shard is asked over HTTP: its host as the cluster names it, with the port that it says itself. */
async function placesOf(
  ask: Ask,
  { hosts, secure }: ServerLocation,
  { name }: ClusterLayout,
  nodes: readonly Node[],
): Promise<ServerLocation['hosts']> {
  const port = secure ? 'https_port' : 'http_port';
  const sql = `SELECT toString((_shard_num, getServerPort(${stringLiteral(port)}))) AS text FROM cluster(${stringLiteral(name)}, system.one)`;
  // A server behind something that speaks TLS for it knows of no such port: then all are behind the same one.
  const said = await ask(sql).then(textsOf, () => []);
  const ports = new Map(said.map((text) => text.replaceAll(/[()]/g, '').split(',') as [string, string]));
  return nodes
    .filter(({ copy }) => copy === '1')
    .map(({ shard, host, isLocal }) => {
      if (isLocal) return hosts[0]!;
      const bracketed = host.includes(':') ? `[${host}]` : host;
      return { host: bracketed, port: Number(ports.get(shard) ?? hosts[0]!.port) };
    });
}

/** `(1,1,'host',0)`. */
function nodeOf(text: string): Node {
  const [, shard, copy, host, isLocal] = /^\((\d+),(\d+),'(.*)',(\d)\)$/.exec(text) as unknown as string[];
  return { shard: shard!, copy: copy!, host: host!, isLocal: isLocal === '1' };
}
