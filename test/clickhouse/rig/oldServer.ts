import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { freePorts } from './freePorts.js';

/** ClickHouse of 2018, as Debian 12 packages it. */
const BINARY = '/usr/sbin/clickhouse-server';
export const hasOldServer = existsSync(BINARY);

/** Starts it. Resolves with `127.0.0.1:port` of HTTP. Ended with the test. */
export async function oldServer(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'upshot-clickhouse-old-'));
  const [http, tcp] = (await freePorts(2)) as [number, number];
  mkdirSync(join(directory, 'data'));
  writeFileSync(
    join(directory, 'users.xml'),
    '<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>',
  );
  writeFileSync(
    join(directory, 'config.xml'),
    `<yandex><logger><level>none</level></logger><listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
    <path>${directory}/data/</path><tmp_path>${directory}/data/tmp/</tmp_path><users_config>${directory}/users.xml</users_config>
    <default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>16777216</mark_cache_size></yandex>`,
  );
  const child = spawn(BINARY, [`--config-file=${directory}/config.xml`], { stdio: 'ignore' });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  for (const end = Date.now() + 20_000; ; await sleep(50)) {
    const answers = await fetch(`http://127.0.0.1:${http}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return `127.0.0.1:${http}`;
    if (Date.now() > end || child.exitCode !== null) throw new Error('the old ClickHouse does not start');
  }
}
