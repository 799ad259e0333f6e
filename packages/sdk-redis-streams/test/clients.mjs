import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * One entry in the words of either library: the object that the library gave, with its ID and its fields.
 * @typedef {{ entry: any, id: string, fields: Record<string, string> }} Read
 *
 * The few commands that the driver needs, of ioredis and of node-redis alike.
 * @typedef {object} Commands
 * @property {any} client
 * @property {(stream: string, group: string) => Promise<unknown>} createGroup
 * @property {(stream: string, fields: Record<string, string>) => Promise<unknown>} add
 * @property {(stream: string, group: string, count: number) => Promise<Read[]>} read new ones
 * @property {(stream: string, group: string, minIdleMs: number) => Promise<Read[]>} claim
 * @property {(stream: string, group: string, id: string) => Promise<unknown>} ack
 * @property {() => void} end
 */

/**
 * @param {string} library
 * @param {string} url
 * @param {(client: any) => any} wrap
 * @returns {Promise<Commands>}
 */
export async function clientOf(library, url, wrap) {
  return library.startsWith('ioredis') ? ofIoredis(library, url, wrap) : ofNodeRedis(library, url, wrap);
}

/** @type {typeof clientOf} */
async function ofIoredis(library, url, wrap) {
  const { Redis } = require(library);
  const client = wrap(new Redis(url));
  client.on('error', () => {});
  const read = (/** @type {[string, string[]]} */ entry) => {
    const [id, list] = entry;
    const pairs = list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]]] : []));
    return { entry, id, fields: Object.fromEntries(pairs) };
  };
  return {
    client,
    createGroup: (stream, group) => client.xgroup('CREATE', stream, group, '0', 'MKSTREAM'),
    add: (stream, fields) => client.xadd(stream, 'MAXLEN', '~', 1000, '*', ...Object.entries(fields).flat()),
    async read(stream, group, count) {
      const options = ['COUNT', count, 'BLOCK', 50, 'STREAMS', stream, '>'];
      const result = await client.xreadgroup('GROUP', group, 'me', ...options);
      return (result?.[0]?.[1] ?? []).map(read);
    },
    async claim(stream, group, minIdleMs) {
      const [, entries] = await client.xautoclaim(stream, group, 'me', minIdleMs, '0', 'COUNT', 10);
      return entries.map(read);
    },
    ack: (stream, group, id) => client.xack(stream, group, id),
    end: () => client.disconnect(),
  };
}

/** @type {typeof clientOf} */
async function ofNodeRedis(library, url, wrap) {
  const { createClient } = require(library);
  const client = wrap(createClient({ url }));
  client.on('error', () => {});
  await client.connect();
  const read = (/** @type {any} */ entry) => ({ entry, id: entry.id, fields: entry.message });
  return {
    client,
    createGroup: (stream, group) => client.xGroupCreate(stream, group, '0', { MKSTREAM: true }),
    add: (stream, fields) => client.xAdd(stream, '*', fields),
    async read(stream, group, count) {
      const asked = { key: stream, id: '>' };
      const result = await client.xReadGroup(group, 'me', asked, { COUNT: count, BLOCK: 50 });
      return (result?.[0]?.messages ?? []).map(read);
    },
    async claim(stream, group, minIdleMs) {
      const { messages } = await client.xAutoClaim(stream, group, 'me', minIdleMs, '0', { COUNT: 10 });
      return messages.map(read);
    },
    ack: (stream, group, id) => client.xAck(stream, group, id),
    // Version 4 calls it otherwise.
    end: () => void (client.destroy === undefined ? client.disconnect().catch(() => {}) : client.destroy()),
  };
}
