import type { Upshot } from '@upshot/sdk';
import { additionOf } from './addition.js';
import type { Deliveries } from './Deliveries.js';
import { remember } from './handle.js';
import { openEntry, sent } from './publishing.js';
import type { StreamOptions } from './StreamOptions.js';

type Command = (...args: unknown[]) => Promise<unknown>;

/** An entry as ioredis gives it: its ID, and its names and values in one list. */
type Raw = readonly [id: string, fields: readonly string[] | null];

/** What a command was about. */
interface Asked {
  readonly stream: string;
  readonly group: string;
}

/** Wraps the commands of a client of ioredis. */
export function wrapIoredis(
  client: Record<string, Command>,
  upshot: Upshot,
  options: StreamOptions,
  all: Deliveries,
): void {
  const original = (name: string): Command => client[name]!.bind(client);
  const [xadd, xreadgroup, xack, xpending] = ['xadd', 'xreadgroup', 'xack', 'xpending'].map(original) as [
    Command,
    Command,
    Command,
    Command,
  ];

  const { keyPrefix } = (client as { options?: { keyPrefix?: unknown } }).options ?? {};
  const prefix = typeof keyPrefix === 'string' ? keyPrefix : '';

  client.xadd = (...args) => {
    const addition = additionOf(args);
    if (addition === null) return xadd(...args);
    const { stream, before, fields, after } = addition;
    const sending = openEntry(stream, Object.fromEntries(fields), upshot, options);
    const kept = fields.filter(([name]) => !Object.hasOwn(sending.headers, name));
    const carried = [...kept, ...Object.entries(sending.headers)].flat();
    return sent(sending, () => xadd(...before, ...carried, ...after));
  };
  client.xreadgroup = async (...args) => {
    const result = await xreadgroup(...args);
    if (!Array.isArray(result)) return result;
    const words = wordsOf(args);
    const at = words.findIndex((word) => word.toUpperCase() === 'STREAMS');
    const names = words.slice(at + 1, at + 1 + (words.length - at - 1) / 2);
    const ids = words.slice(at + 1 + names.length);
    const noAck = words.slice(3, at).some((word) => word.toUpperCase() === 'NOACK');
    for (const [name, entries] of result as [string, Raw[]][]) {
      // ioredis puts its prefix before what it is given, and leaves it in what it gives.
      const stream = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      const isNew = ids[names.indexOf(stream)] === '>';
      await take({ stream, group: words[1]! }, entries, isNew, noAck);
    }
    return result;
  };
  for (const name of ['xautoclaim', 'xclaim']) {
    const claim = original(name);
    client[name] = async (...args) => {
      const result = await claim(...args);
      const [stream, group] = wordsOf(args);
      const entries = (name === 'xautoclaim' ? (result as unknown[])[1] : result) as Raw[];
      await take({ stream: stream!, group: group! }, entries, false, false);
      return result;
    };
  }
  client.xack = (...args) => {
    const [stream, group, ...ids] = wordsOf(args);
    all.acknowledge(stream!, group!, ids);
    return xack(...args);
  };

  async function take(
    { stream, group }: Asked,
    entries: readonly Raw[],
    isNew: boolean,
    noAck: boolean,
  ): Promise<void> {
    // Asked for its ID alone, or deleted since: there is nothing to handle.
    const whole = entries.filter((entry) => Array.isArray(entry) && Array.isArray(entry[1]));
    const counts = isNew ? null : await countsOf({ stream, group }, whole);
    for (const entry of whole) {
      const [id, list] = entry;
      const fields: Record<string, string> = {};
      for (let at = 0; at + 1 < list!.length; at += 2) fields[list![at]!] = list![at + 1]!;
      remember(entry, all.add({ stream, group, id, fields, count: isNew ? 1 : counts?.get(id) }, noAck));
    }
  }

  async function countsOf(
    { stream, group }: Asked,
    entries: readonly Raw[],
  ): Promise<Map<string, number> | null> {
    if (entries.length === 0) return null;
    try {
      const rows = await xpending(stream, group, entries[0]![0], entries.at(-1)![0], MOST_PENDING);
      return new Map((rows as [string, string, number, number][]).map(([id, , , count]) => [id, count]));
    } catch {
      return null;
    }
  }
}

/** Pending entries that are looked at for the counts of those claimed: others may lie between them. */
export const MOST_PENDING = 1000;

/** The arguments of a command as texts, without the caller's callback. */
function wordsOf(args: readonly unknown[]): string[] {
  return args
    .flat()
    .filter((one) => typeof one !== 'function')
    .map(String);
}
