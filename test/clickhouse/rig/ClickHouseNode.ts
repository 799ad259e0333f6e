import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PeerEntrance } from './PeerEntrance.js';

const SCRIPT = fileURLToPath(new URL('./server.py', import.meta.url));
export const PYTHON = process.env.UPSHOT_PYTHON ?? 'python3';
const START_MS = 30_000;
/** Listens for as long as it counts, which has no end. */
const LISTEN =
  'SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT sleepEachRow(3) FROM system.numbers FORMAT Null SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1';

/** Where a node listens, and what it knows of users and of its cluster. */
export interface NodePlan {
  readonly directory: string;
  readonly httpPort: number;
  readonly tcpPort: number;
  /** Where its peers reach it. */
  readonly peerPort: number;
  /** Inner XML of the configuration: remote servers, macros. */
  readonly config: string;
  /** Inner XML of `<users>`. */
  readonly users: string;
}

/** One ClickHouse server process. */
export class ClickHouseNode {
  private child: ChildProcess | null = null;
  private said = '';
  private readonly entrance: PeerEntrance;

  constructor(private readonly plan: NodePlan) {
    this.entrance = new PeerEntrance(plan.peerPort, plan.tcpPort);
    mkdirSync(plan.directory, { recursive: true });
    this.setUsers(plan.users);
    writeFileSync(this.file('config.xml'), configXml(plan, this.file('users.xml')));
  }

  /** `127.0.0.1:port` of HTTP. */
  get address(): string {
    return `127.0.0.1:${this.plan.httpPort}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** From its next start on. `users`: inner XML of `<users>`. */
  setUsers(users: string): void {
    writeFileSync(this.file('users.xml'), usersXml(users));
  }

  /** Resolves when it answers; at once where it runs. */
  async start(): Promise<void> {
    if (this.child !== null && this.child.exitCode === null && this.child.signalCode === null) return;
    const { httpPort, tcpPort } = this.plan;
    const child = spawn(
      PYTHON,
      [
        SCRIPT,
        chdbLibrary(),
        `--config-file=${this.file('config.xml')}`,
        `--path=${this.file('data')}`,
        `--http_port=${httpPort}`,
        `--tcp_port=${tcpPort}`,
        '--listen_host=127.0.0.1',
        '--query',
        LISTEN,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    this.said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        this.said = (this.said + part).slice(-2000);
      });
    for (const end = Date.now() + START_MS; ; await sleep(30)) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`ClickHouse ended (${child.exitCode ?? child.signalCode}): ${this.said}`);
      if (await this.answers()) return this.entrance.open();
      if (Date.now() > end) throw new Error(`ClickHouse did not listen within ${START_MS} ms: ${this.said}`);
    }
  }

  /** Ends it as a power cut would, or with another signal. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.entrance.close();
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** SIGSTOP and SIGCONT: a server that hangs. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  /** Runs a statement, and answers its text. */
  async sql(statement: string, { user = 'default', password = '' } = {}): Promise<string> {
    const response = await fetch(`http://${this.address}/`, {
      method: 'POST',
      headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
      body: statement,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.trim();
  }

  private async answers(): Promise<boolean> {
    return fetch(`http://${this.address}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private file(name: string): string {
    return join(this.plan.directory, name);
  }
}

/** The library of ClickHouse for this machine. Throws where chDB has none. */
export function chdbLibrary(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve(`@chdb/lib-linux-${process.arch}-gnu`)), 'libchdb.so');
}

function configXml({ httpPort, tcpPort, config }: NodePlan, usersFile: string): string {
  return `<clickhouse>
  <logger><level>none</level></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${httpPort}</http_port>
  <tcp_port>${tcpPort}</tcp_port>
  <max_server_memory_usage>2000000000</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <users_config>${usersFile}</users_config>
  ${config}
</clickhouse>
`;
}

function usersXml(users: string): string {
  return `<clickhouse>
  <profiles><default/><readonly><readonly>1</readonly></readonly></profiles>
  <quotas><default/></quotas>
  <users>${users}</users>
</clickhouse>
`;
}
