import type { Upshot } from '@upshot/sdk';
import type { Deliveries } from './Deliveries.js';
import { remember } from './handle.js';
import { MOST_PENDING } from './ioredis.js';
import { openEntry, sent } from './publishing.js';
import type { Fields, StreamOptions } from './StreamOptions.js';

type Command = (...args: never[]) => Promise<unknown>;

/** An entry as node-redis gives it. */
interface Raw {
  readonly id: string;
  readonly message: Fields;
}

type Ids = string | readonly string[];
type Streams =
  | { readonly key: string; readonly id: string }
  | readonly { readonly key: string; readonly id: string }[];

/** What is wrapped of a client of node-redis, 4 to 6. */
interface Client {
  xAdd(stream: string, id: string, fields: Fields, options?: unknown): Promise<unknown>;
  xReadGroup(
    group: string,
    consumer: string,
    streams: Streams,
    options?: { readonly NOACK?: boolean },
  ): Promise<unknown>;
  xAutoClaim(
    stream: string,
    group: string,
    ...rest: unknown[]
  ): Promise<{ readonly messages: readonly (Raw | null)[] }>;
  xClaim(stream: string, group: string, ...rest: unknown[]): Promise<readonly (Raw | null)[]>;
  xAck(stream: string, group: string, ids: Ids): Promise<unknown>;
  xPendingRange(
    stream: string,
    group: string,
    start: string,
    end: string,
    count: number,
  ): Promise<readonly { readonly id: string; readonly deliveriesCounter: number }[]>;
}

/** Wraps the commands of a client of node-redis. */
export function wrapNodeRedis(
  given: Record<string, Command>,
  upshot: Upshot,
  options: StreamOptions,
  all: Deliveries,
): void {
  const client = given as unknown as Client;
  const xAdd = client.xAdd.bind(client);
  const xReadGroup = client.xReadGroup.bind(client);
  const xAutoClaim = client.xAutoClaim.bind(client);
  const xClaim = client.xClaim.bind(client);
  const xAck = client.xAck.bind(client);

  client.xAdd = (stream, id, fields, ...rest) => {
    const sending = openEntry(String(stream), fields, upshot, options);
    return sent(sending, () => xAdd(stream, id, { ...fields, ...sending.headers }, ...rest));
  };
  client.xReadGroup = async (group, consumer, streams, readOptions) => {
    const result = await xReadGroup(group, consumer, streams, readOptions);
    if (!Array.isArray(result)) return result;
    const asked = [streams].flat() as { key: string; id: string }[];
    for (const { name, messages } of result as { name: string; messages: Raw[] }[]) {
      const isNew = asked.find(({ key }) => key === name)?.id === '>';
      await take(name, group, messages, isNew, readOptions?.NOACK === true);
    }
    return result;
  };
  client.xAutoClaim = async (stream, group, ...rest) => {
    const result = await xAutoClaim(stream, group, ...rest);
    await take(stream, group, result.messages, false, false);
    return result;
  };
  client.xClaim = async (stream, group, ...rest) => {
    const result = await xClaim(stream, group, ...rest);
    await take(stream, group, result, false, false);
    return result;
  };
  client.xAck = (stream, group, ids) => {
    all.acknowledge(stream, group, [ids].flat().map(String));
    return xAck(stream, group, ids);
  };
  // The same commands by Redis' own names.
  for (const name of ['xAdd', 'xReadGroup', 'xAutoClaim', 'xClaim', 'xAck'] as const) {
    const own = client as unknown as Record<string, unknown>;
    if (own[name.toUpperCase()] !== undefined) own[name.toUpperCase()] = client[name];
  }

  async function take(
    stream: string,
    group: string,
    given: readonly (Raw | null)[],
    isNew: boolean,
    noAck: boolean,
  ): Promise<void> {
    // What was deleted since is null.
    const entries = given.filter((entry) => entry !== null);
    const counts = isNew || entries.length === 0 ? null : await countsOf(stream, group, entries);
    for (const entry of entries) {
      const { id, message: fields } = entry;
      remember(entry, all.add({ stream, group, id, fields, count: isNew ? 1 : counts?.get(id) }, noAck));
    }
  }

  async function countsOf(
    stream: string,
    group: string,
    entries: readonly Raw[],
  ): Promise<Map<string, number> | null> {
    try {
      const rows = await client.xPendingRange(
        stream,
        group,
        entries[0]!.id,
        entries.at(-1)!.id,
        MOST_PENDING,
      );
      return new Map(rows.map(({ id, deliveriesCounter }) => [id, deliveriesCounter]));
    } catch {
      return null;
    }
  }
}
