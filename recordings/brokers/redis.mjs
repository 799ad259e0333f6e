import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startForeground } from './foreground.mjs';
import { freePort } from './free-port.mjs';

/**
 * Starts a private Redis (Debian's `redis-server`) that saves nothing.
 *
 * @returns {Promise<{ port: number, version: string, stop: () => Promise<void> }>}
 */
export async function startRedis() {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'recording-redis-'));
  const address = ['--bind', '127.0.0.1', '--port', String(port)];
  const server = await startForeground(
    'redis-server',
    [...address, '--dir', folder, '--save', '', '--appendonly', 'no'],
    { port },
  );
  const version = execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)[1];
  return {
    port,
    version,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
