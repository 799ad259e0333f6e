import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { notThere, programAt } from './programs.js';

/** Redis, or Valkey, which speaks the same. */
const program = () => programAt('redis-server') ?? programAt('valkey-server');

export const redis: Kind = {
  missing: () =>
    program() === null ? notThere('redis-server', 'apt install redis-server, or brew install redis') : null,
  async prepare(folder) {
    const port = await freePort();
    // An append-only file, so that a restart finds what was there.
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
    return {
      url: `redis://127.0.0.1:${port}`,
      start: () => startForeground(program() ?? 'redis-server', [...args, '--appendonly', 'yes'], { port }),
    };
  },
};
