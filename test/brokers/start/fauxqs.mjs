import { fileURLToPath } from 'node:url';
import { freePort, startForeground } from './foreground.mjs';

const CLI = fileURLToPath(new URL('../../../node_modules/fauxqs/dist/cli.js', import.meta.url));

/** SQS and SNS in memory: a restart forgets all. @type {import('./Broker.mjs').Kind} */
export const fauxqs = {
  needs: { files: [CLI], from: "npm's fauxqs" },
  async prepare() {
    const port = await freePort();
    const env = {
      ...process.env,
      FAUXQS_PORT: String(port),
      FAUXQS_HOST: '127.0.0.1',
      FAUXQS_LOGGER: 'false',
    };
    return {
      url: `http://127.0.0.1:${port}`,
      start: () => startForeground(process.execPath, [CLI], { port, env }),
    };
  },
};
