import { execFileSync } from 'node:child_process';
import { BROKERS, Broker } from '@upshot/brokers';

/**
 * Starts a private Redis (Debian's `redis-server`).
 *
 * @returns {Promise<{ port: number, version: string, stop: () => Promise<void> }>}
 */
export async function startRedis() {
  const broker = await Broker.start(BROKERS.redis);
  const version = execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)[1];
  return { port: Number(new URL(broker.url).port), version, stop: () => broker.close() };
}
