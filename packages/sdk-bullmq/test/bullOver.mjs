import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Place} Place
 *
 * BullMQ over one of the stores that it knows, and the places of the cases, which services tell each other there.
 * @typedef {object} Bull
 * @property {any} Queue
 * @property {any} Worker
 * @property {any} connection
 * @property {(place: Place) => Promise<void>} declare
 * @property {(destination: string) => Promise<Place>} placeAt
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} library `bullmq`, which uses ioredis, `bullmq over redis`, `bullmq over pg`
 * @param {string} url
 * @returns {Promise<Bull>}
 */
export async function bullOver(library, url) {
  const [name = '', client] = library.split(' over ');
  const { Queue, Worker, createPostgresBackend } = require(name);
  if (client === 'pg') return overPostgres(Queue, Worker, createPostgresBackend, url);
  const places = new (require('ioredis').Redis)(url);
  const { hostname: host, port } = new URL(url);
  const nodeRedis = client === 'redis' ? require('redis').createClient({ url }) : undefined;
  nodeRedis?.on('error', () => {});
  await nodeRedis?.connect();
  return {
    Queue,
    Worker,
    connection: nodeRedis ?? { host, port: Number(port), maxRetriesPerRequest: null },
    async declare(place) {
      await places.set(`place:${place.destination}`, JSON.stringify(place));
    },
    placeAt: async (destination) => JSON.parse(await places.get(`place:${destination}`)),
    async close() {
      places.disconnect();
      nodeRedis?.destroy();
    },
  };
}

/**
 * @param {any} Queue
 * @param {any} Worker
 * @param {any} createPostgresBackend
 * @param {string} url
 * @returns {Promise<Bull>}
 */
async function overPostgres(Queue, Worker, createPostgresBackend, url) {
  const pool = new (require('pg').Pool)({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  await pool
    .query('CREATE TABLE IF NOT EXISTS places (destination text PRIMARY KEY, place jsonb)')
    .catch(() => {
      // Made by one of several services that start at once.
    });
  return {
    Queue: class extends Queue {
      /** @param {string} name @param {object} options */
      constructor(name, options) {
        super(name, options, createPostgresBackend);
      }
    },
    Worker: class extends Worker {
      /** @param {string} name @param {unknown} handler @param {object} options */
      constructor(name, handler, options) {
        super(name, handler, options, createPostgresBackend);
      }
    },
    connection: { connectionString: url, migrate: true },
    async declare(place) {
      await pool.query('INSERT INTO places VALUES ($1, $2)', [place.destination, place]);
    },
    async placeAt(destination) {
      const { rows } = await pool.query('SELECT place FROM places WHERE destination = $1', [destination]);
      return rows[0].place;
    },
    close: () => pool.end(),
  };
}
