/**
 * One service of the bridge, a process of its own: SERVICE names the module beside this one that it is, ENDPOINT is Upshot's, and the other
 * variables say where the brokers are.
 */
import { startUpshot } from '@upshot/sdk-node';
import { obey } from '../../brokers/service/obey.mjs';

/**
 * What a service's module exports as `start`; it has resolved once the service takes what it consumes.
 * @typedef {(env: Record<string, string>) => Promise<Service>} Start
 *
 * @typedef {object} Service
 * @property {Record<string, (command: any) => unknown>} [commands]
 * @property {() => Promise<unknown>} close
 */

const env = /** @type {Record<string, string>} */ (process.env);
const running = await startUpshot({ service: env.SERVICE ?? '', endpoint: env.ENDPOINT ?? '' });
/** @type {{ start: Start }} */
const { start } = await import(`./${env.SERVICE}.mjs`);
const { commands, close } = await start(env);
await obey({ ...commands, flush: () => running.flush() });
await close().catch(() => {});
await running.shutdown();
process.exit(0);
