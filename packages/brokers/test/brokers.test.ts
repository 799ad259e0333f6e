import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';
import { BROKERS, type BrokerName, startForeground } from '../src/index.js';
import { packageAt, programAt } from '../src/programs.js';

afterEach(() => vi.unstubAllEnvs());

/** Whether somebody listens at the host and port of a URL, or of `host:port`. */
function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url.includes('://') ? url : `tcp://${url}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('what is looked for', () => {
  it('is a program on the path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upshot-path-'));
    await writeFile(join(folder, 'some-server'), '');
    expect(programAt('some-server')).toBeNull();
    vi.stubEnv('PATH', `/nowhere::${folder}`);
    expect(programAt('some-server')).toBe(join(folder, 'some-server'));
    await rm(folder, { recursive: true });
  });

  it('is a package, whatever it exports', () => {
    expect(packageAt('vitest')).toMatch(/node_modules.vitest$/);
    expect(packageAt('there-is-no-such-package')).toBeNull();
  });

  it('is said with what to install', () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(BROKERS.redis.missing()).toBe(
      'redis-server is not installed here: apt install redis-server, or brew install redis',
    );
    expect(BROKERS.kafka.missing()).toMatch(/^java is not installed here: /);
  });
});

it.each([
  ['is not there', '/nowhere/server', [], 'ENOENT'],
  ['ends at once', process.execPath, ['-e', 'console.error("no room"); process.exit(3)'], 'ended (3)'],
])('a server that %s is an error with its reason', async (_, command, args, reason) => {
  await expect(startForeground(command, args, { port: 9 })).rejects.toThrow(reason);
});

// The adapters' cases start the others, too; these are started in less than a second.
const QUICK: readonly BrokerName[] = ['redis', 'nats', 'mosquitto', 'postgres', 'fauxqs'];
for (const name of QUICK)
  describeBroker(name, name, (broker) => {
    it('runs at its URL, again after a restart, and no more after a stop', async () => {
      expect(await listens(broker().url)).toBe(true);
      await broker().restart();
      expect(await listens(broker().url)).toBe(true);
      await broker().stop();
      expect(await listens(broker().url)).toBe(false);
    });
  });
