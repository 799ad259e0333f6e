import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { notThere, programAt } from './programs.js';

const NAME = 'nats-server';

/** NATS with JetStream. */
export const nats: Kind = {
  missing: () =>
    programAt(NAME) === null ? notThere(NAME, 'apt install nats-server, or brew install nats-server') : null,
  async prepare(folder) {
    const port = await freePort();
    const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
    return {
      url: `nats://127.0.0.1:${port}`,
      start: () => startForeground(programAt(NAME) ?? NAME, args, { port }),
    };
  },
};
