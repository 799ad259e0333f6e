import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startReceiver } from '../capture/receiver.mjs';
import { startService } from './service.mjs';

const preload = new URL('../capture/service-telemetry.mjs', import.meta.url).href;

const recordings = fileURLToPath(new URL('../', import.meta.url));

/** Batches of spans that services still have to send after the last thing they said. */
const FLUSH_MS = 500;

/**
 * Runs a scenario against a broker and writes `traces.otlp.json` into the recording's folder.
 *
 * @param {string} folder the recording's folder, as a file URL ending in `/`
 * @param {(stage: Stage) => Promise<void>} scenario starts its services and drives them; what it started is
 *   stopped afterwards, last first, also when it throws
 *
 * @typedef {object} Stage
 * @property {(broker: { stop: () => Promise<void> }) => any} keep stops this at the end too
 * @property {(name: string, script: URL, env?: Record<string, string>) => Promise<import('./service.mjs').Service>} node
 *   starts a JavaScript service with telemetry
 * @property {(name: string, command: string, args: string[], env?: Record<string, string>) => Promise<import('./service.mjs').Service>} run
 *   starts a service in another language; it gets the OTLP endpoint by the standard environment variables
 */
export async function record(folder, scenario) {
  const receiver = await startReceiver();
  const toStop = [];
  const keep = (thing) => {
    toStop.push(thing);
    return thing;
  };
  const run = async (name, command, args, env = {}) =>
    keep(
      await startService({
        name,
        command,
        args,
        env: {
          OTEL_SERVICE_NAME: name,
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          ...env,
        },
      }),
    );
  const node = (name, script, env) =>
    run(name, process.execPath, ['--import', preload, fileURLToPath(script)], env);

  let failure;
  try {
    await scenario({ keep, node, run });
    await sleep(FLUSH_MS);
  } catch (error) {
    failure = error;
  }
  for (const thing of toStop.reverse()) {
    try {
      await thing.stop();
    } catch (error) {
      failure ??= error;
    }
  }
  await receiver.close();
  if (failure) throw failure;

  const file = join(fileURLToPath(folder), 'traces.otlp.json');
  // Stack traces and command lines name files; where this checkout lies is nobody's business.
  const text = JSON.stringify(receiver.document(), null, 1).replaceAll(recordings, '/app/');
  await writeFile(file, `${text}\n`);
  console.log(`${receiver.spanCount()} spans → ${file}`);
}
