import { join } from 'node:path';
import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { notThere, packageAt } from './programs.js';

/** SQS and SNS in memory, in a process of Node's: a restart forgets all. */
export const fauxqs: Kind = {
  missing: () => (packageAt('fauxqs') === null ? notThere('fauxqs', 'npm install fauxqs') : null),
  async prepare() {
    const port = await freePort();
    const cli = join(packageAt('fauxqs') ?? 'fauxqs', 'dist/cli.js');
    const env = {
      ...process.env,
      FAUXQS_PORT: String(port),
      FAUXQS_HOST: '127.0.0.1',
      FAUXQS_LOGGER: 'false',
    };
    return {
      url: `http://127.0.0.1:${port}`,
      start: () => startForeground(process.execPath, [cli], { port, env }),
    };
  },
};
