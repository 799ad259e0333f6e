import { upshot as processWide } from '@upshot/sdk';
import { Deliveries } from './Deliveries.js';
import { wrapIoredis } from './ioredis.js';
import { wrapNodeRedis } from './nodeRedis.js';
import type { StreamOptions } from './StreamOptions.js';

const done = new WeakSet<object>();

/**
 * One line for a client of ioredis or node-redis: `const redis = instrumentStreams(new Redis())`. What it adds to streams carries its context in the entry's
 * fields, and each entry that its group is given is an attempt, which `handle` or `attemptOf` begins and `XACK` ends. The same client is returned.
 *
 * @throws TypeError for what is a client of neither
 */
export function instrumentStreams<Client extends object>(
  client: Client,
  options: StreamOptions = {},
): Client {
  if (done.has(client)) return client;
  const { upshot = processWide } = options;
  const deliveries = new Deliveries(upshot, options);
  const own = client as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  if (typeof own.xReadGroup === 'function') wrapNodeRedis(own, upshot, options, deliveries);
  else if (typeof own.xreadgroup === 'function') wrapIoredis(own, upshot, options, deliveries);
  else
    throw new TypeError(
      'instrumentStreams: this is a client of neither ioredis nor redis: give it what speaks the commands of streams',
    );
  done.add(client);
  const { once } = client as { once?: (event: 'end', listener: () => void) => unknown };
  // Both say `end` when they will not connect again.
  once?.call(client, 'end', () => deliveries.close());
  return client;
}
