import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { notThere, programAt } from './programs.js';

const NAME = 'mosquitto';

/** MQTT 5 by Mosquitto. */
export const mosquitto: Kind = {
  missing: () =>
    programAt(NAME) === null ? notThere(NAME, 'apt install mosquitto, or brew install mosquitto') : null,
  async prepare(folder) {
    const port = await freePort();
    const file = join(folder, 'mosquitto.conf');
    const lines = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${folder}/`,
      // As root it would give up its rights to its own folder.
      `user ${userInfo().username}`,
    ];
    await writeFile(file, lines.join('\n'));
    return {
      url: `mqtt://127.0.0.1:${port}`,
      start: () => startForeground(programAt(NAME) ?? NAME, ['-c', file], { port }),
    };
  },
};
