import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * How one kind of broker is started. `prepare` makes its configuration in a fresh folder, and what must run beside it; `start` may be called
 * again after a stop, and finds the data of before.
 * @typedef {object} Kind
 * @property {{ files: readonly string[], from: string }} needs files without which it can't be started, and where they come from
 * @property {(folder: string) => Promise<Prepared>} prepare
 *
 * @typedef {object} Prepared
 * @property {string} url what clients connect to; the same after a restart
 * @property {() => Promise<import('./foreground.mjs').Foreground>} start
 * @property {() => Promise<void>} [stop] ends what runs beside it
 */

/** A real broker on a free port, with its data in a folder of its own. */
export class Broker {
  /** @type {import('./foreground.mjs').Foreground | null} */
  #running = null;
  #prepared;
  #folder;

  /**
   * @param {Prepared} prepared
   * @param {string} folder
   */
  constructor(prepared, folder) {
    this.#prepared = prepared;
    this.#folder = folder;
  }

  /** What clients connect to. */
  get url() {
    return this.#prepared.url;
  }

  /** @returns {Promise<void>} once it accepts connections */
  async start() {
    this.#running ??= await this.#prepared.start();
  }

  /** @returns {Promise<void>} */
  async stop() {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
  }

  /** Stops it in order and starts it again, with what it has on disk. */
  async restart() {
    await this.stop();
    await this.start();
  }

  /** Stops it for good and removes its data. */
  async close() {
    await this.stop();
    await this.#prepared.stop?.();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Why this kind can't be started here; null where it can.
 * @param {Kind} kind
 * @returns {string | null}
 */
export function missing({ needs }) {
  const gone = needs.files.find((file) => !existsSync(file));
  return gone === undefined ? null : `${gone} is not there: install ${needs.from}`;
}

/**
 * @param {Kind} kind
 * @returns {Promise<Broker>} once it accepts connections
 */
export async function startBroker(kind) {
  const why = missing(kind);
  if (why !== null) throw new Error(why);
  const folder = await mkdtemp(join(tmpdir(), 'upshot-broker-'));
  const broker = new Broker(await kind.prepare(folder), folder);
  try {
    await broker.start();
  } catch (error) {
    await broker.close();
    throw error;
  }
  return broker;
}
