import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseNode } from './ClickHouseNode.js';
import { freePorts } from './freePorts.js';

export const CLUSTER = 'two';
/** Who may do everything. Servers of a cluster know each other by the user without a password. */
export const USER = { user: 'upshot', password: 's3cr3t:/@%' } as const;

const everything = (password: string) => `
  <default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
  <${USER.user}><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></${USER.user}>
  <reader><password>reader</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
    <grants><query>GRANT SELECT ON *.*</query></grants></reader>
  <frozen><password>frozen</password><networks><ip>127.0.0.1</ip></networks><profile>readonly</profile><quota>default</quota></frozen>`;

let databases = 0;

/** Real ClickHouse servers on free ports of this machine, which know each other as shards of one cluster. */
export class ClickHouseCluster {
  private constructor(
    readonly nodes: readonly ClickHouseNode[],
    private readonly directory: string,
  ) {}

  /** `within`: where their data goes; removed in the end. */
  static async start(shards: number, within = tmpdir()): Promise<ClickHouseCluster> {
    const directory = mkdtempSync(join(within, 'upshot-clickhouse-'));
    const ports = await freePorts(shards * 3);
    const http = ports.slice(0, shards);
    const tcp = ports.slice(shards, shards * 2);
    const peer = ports.slice(shards * 2);
    // A server knows itself by its own port.
    const remoteOf = (node: number) =>
      peer
        .map(
          (peerPort, n) =>
            `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${n === node ? tcp[n] : peerPort}</port></replica></shard>`,
        )
        .join('');
    const nodes = http.map(
      (httpPort, n) =>
        new ClickHouseNode({
          directory: join(directory, `shard-${n + 1}`),
          httpPort,
          tcpPort: tcp[n]!,
          peerPort: peer[n]!,
          users: everything(USER.password),
          config: `<remote_servers><${CLUSTER}>${remoteOf(n)}</${CLUSTER}></remote_servers><macros><shard>${n + 1}</shard><replica>1</replica></macros>`,
        }),
    );
    const cluster = new ClickHouseCluster(nodes, directory);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** A URL for Upshot: a database of its own, over all shards where there are several. */
  url({
    database = newDatabase(),
    user = USER.user as string,
    password = USER.password as string,
  } = {}): string {
    const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
    const cluster = this.nodes.length > 1 ? `?cluster=${CLUSTER}` : '';
    return `clickhouse://${credentials}@${this.nodes[0]!.address}/${database}${cluster}`;
  }

  /** Gives the user of `url` another password, as an administrator does. The servers are restarted with it. */
  async changePassword(password: string): Promise<void> {
    for (const node of this.nodes) {
      await node.kill();
      node.setUsers(everything(password));
      await node.start();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A name that no other test uses. */
export function newDatabase(): string {
  return `upshot_${process.pid}_${++databases}`;
}
