import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, startForeground } from './foreground.mjs';

const run = promisify(execFile);

/** @type {import('./Broker.mjs').Kind} */
export const redis = {
  needs: { files: ['/usr/bin/redis-server'], from: "Debian's redis-server" },
  async prepare(folder) {
    const port = await freePort();
    // An append-only file, so that a restart finds what was there.
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
    return {
      url: `redis://127.0.0.1:${port}`,
      start: () => startForeground('redis-server', [...args, '--appendonly', 'yes'], { port }),
    };
  },
};

/** @type {import('./Broker.mjs').Kind} */
export const nats = {
  needs: { files: ['/usr/sbin/nats-server'], from: "Debian's nats-server" },
  async prepare(folder) {
    const port = await freePort();
    return {
      url: `nats://127.0.0.1:${port}`,
      start: () =>
        startForeground(
          '/usr/sbin/nats-server',
          ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder],
          {
            port,
          },
        ),
    };
  },
};

/** @type {import('./Broker.mjs').Kind} */
export const mosquitto = {
  needs: { files: ['/usr/sbin/mosquitto'], from: "Debian's mosquitto" },
  async prepare(folder) {
    const port = await freePort();
    const file = join(folder, 'mosquitto.conf');
    await writeFile(
      file,
      [
        `listener ${port} 127.0.0.1`,
        'allow_anonymous true',
        'persistence true',
        `persistence_location ${folder}/`,
        // As root it would give up its rights to its own folder.
        `user ${userInfo().username}`,
      ].join('\n'),
    );
    return {
      url: `mqtt://127.0.0.1:${port}`,
      start: () => startForeground('/usr/sbin/mosquitto', ['-c', file], { port }),
    };
  },
};

/** The newest of Debian's, which installs each major version beside the others. */
const POSTGRES = newest('/usr/lib/postgresql');

/** @param {string} folder */
function newest(folder) {
  const versions = existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isInteger) : [];
  return `${folder}/${Math.max(15, ...versions)}/bin`;
}

/**
 * It accepts connections before it answers on them.
 * @param {number} port
 */
async function answers(port) {
  const isReady = ['-q', '-h', '127.0.0.1', '-p', String(port)];
  for (let tries = 0; tries < 200; tries++) {
    const ready = await run(`${POSTGRES}/pg_isready`, isReady).catch(() => null);
    if (ready !== null) return;
    await sleep(50);
  }
  throw new Error('postgres accepts connections and answers none');
}

/** @type {import('./Broker.mjs').Kind} */
export const postgres = {
  needs: { files: [`${POSTGRES}/initdb`, `${POSTGRES}/postgres`], from: "Debian's postgresql" },
  async prepare(folder) {
    const port = await freePort();
    const data = join(folder, 'data');
    await mkdir(data);
    // It refuses to run as root.
    const asNobody =
      process.getuid?.() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
    if (asNobody.length > 0) for (const path of [folder, data]) await chown(path, 65534, 65534);
    const init = [...asNobody, `${POSTGRES}/initdb`, '-D', data, '-U', 'upshot', '-A', 'trust', '-E', 'UTF8'];
    const [command = '', ...args] = [...init, '--no-locale', '--no-sync'];
    await run(command, args);
    const [server = '', ...options] = [
      ...asNobody,
      `${POSTGRES}/postgres`,
      ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'wal_level=logical'],
    ];
    return {
      url: `postgres://upshot@127.0.0.1:${port}/postgres`,
      // SIGTERM would wait for the clients.
      start: async () => {
        const running = await startForeground(server, options, { port, stopBy: 'SIGINT' });
        await answers(port);
        return running;
      },
    };
  },
};
