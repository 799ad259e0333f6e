import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@upshot/storage';
import { spanBatch, storedRecord } from '@upshot/storage/contract-kit';
import { openServerStore } from '@upshot/storage-clickhouse';
import { expect, it, onTestFinished } from 'vitest';
import { type Served, serve } from '../../packages/cli/test/fixtures/spawnUpshot.js';
import { describeClickHouse } from './rig/describeClickHouse.js';
import { isWhole, orderOf, sendOrders } from './rig/orders.js';

const traceId = (n: number) => n.toString(16).padStart(32, '0');
const spanId = (n: number) => n.toString(16).padStart(16, '0');
const HOUR_MS = 3_600_000;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describeClickHouse('several servers on one cluster', 2, (cluster) => {
  /**
   *   server A   ← 1 ← 4 ← 7 …        follows 1 2 3 4 5 …
   *   server B   ← 2 ← 5 ← 8 …        follows 1 2 3 4 5 …   killed, started again
   *   server C   ← 3 ← 6 ← 9 …        follows 1 2 3 4 5 …
   */
  it('count each workflow once, whoever took it, without a leader', async () => {
    const url = cluster().url();
    const servers = await Promise.all(
      range(0, 3).map(() => serve(['--answer-timeout', '2m', '--store', url])),
    );
    let number = 0;
    const rounds = async (count: number, to: readonly Served[]) => {
      for (let round = 0; round < count; round++)
        await Promise.all(
          to.map(async (server) => {
            const numbers = range(number, number + 10);
            number += 10;
            while (!(await sendOrders(server, numbers))) await sleep(50);
          }),
        );
    };
    await rounds(8, servers);
    // What one was given, all answer at once.
    for (const server of servers) expect(isWhole(await orderOf(server, number - 1))).toBe(true);
    // One of them dies in the middle of its work; the others wait for it no longer than they must.
    await servers[1]!.stop('SIGKILL');
    const left = [servers[0]!, servers[2]!];
    await rounds(4, left);
    for (const server of left)
      await expect.poll(() => workflows(server), { timeout: 90_000, interval: 500 }).toBe(number);
    const again = await serve(['--answer-timeout', '2m', '--store', url]);
    await rounds(4, [...left, again]);
    for (const server of [...left, again]) {
      await expect.poll(() => workflows(server), { timeout: 90_000, interval: 500 }).toBe(number);
      await expect.poll(() => deliveriesOf(server), { timeout: 90_000, interval: 500 }).toBe(number);
    }
    for (const server of [...left, again]) {
      const { code, stderr } = await server.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  }, 300_000);

  /**
   * Two processes whose clocks are an hour apart write at the same time, each of them resting now and then; a third only reads.
   */
  it('are told all that was written, whatever their clocks say', async () => {
    const url = cluster().url();
    const open = async (skewMs: number): Promise<Store> => {
      const store = await openServerStore({ url, clock: () => Date.now() + skewMs });
      onTestFinished(() => store.close());
      return store;
    };
    const reader = await open(0);
    const writers = [await open(HOUR_MS), await open(-HOUR_MS)];
    const seen = new Set<string>();
    let mark: bigint | null = null;
    const follow = async () => {
      for (let more = true; more; ) {
        const page = await reader.arrivals(mark, 7);
        for (const { traceId: trace, eventId } of page.arrivals) seen.add(trace || eventId);
        expect(page.reached >= (mark ?? 0n)).toBe(true);
        mark = page.reached;
        more = page.more;
      }
    };
    let written = 0;
    const write = async (store: Store, count: number, restMs: number) => {
      for (let i = 0; i < count; i++) {
        const n = ++written;
        await store.write({
          spans: [spanBatch([{ traceId: traceId(n), spanId: spanId(n) }])],
          records: [storedRecord({ eventId: `e${n}` })],
        });
        await sleep(restMs);
      }
    };
    let isOver = false;
    const following = (async () => {
      while (!isOver) {
        await follow();
        await sleep(20);
      }
    })();
    await Promise.all([write(writers[0]!, 40, 10), write(writers[1]!, 40, 5)]);
    // One rests, and comes back with a clock far behind all that was told meanwhile.
    await Promise.all([write(writers[0]!, 12, 400), sleep(4000).then(() => write(writers[1]!, 10, 10))]);
    isOver = true;
    await following;
    await expect.poll(() => follow().then(() => seen.size), { timeout: 15_000 }).toBe(written * 2);
  }, 90_000);
});

/** How many workflows the histogram counts. */
async function workflows({ ui }: Served): Promise<number> {
  const response = await fetch(`${ui}/api/histogram?since=1d&buckets=1`);
  if (response.status !== 200) return -1;
  const { buckets } = (await response.json()) as { buckets: { counts: Record<string, number> }[] };
  return buckets.flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0);
}

/** How many deliveries of the one event the topology counts. */
async function deliveriesOf({ ui }: Served): Promise<number> {
  const response = await fetch(`${ui}/api/topology?since=1d`);
  if (response.status !== 200) return -1;
  const { events } = (await response.json()) as {
    events: { consumers: { deliveries: number }[] }[];
  };
  return events
    .flatMap(({ consumers }) => consumers.map(({ deliveries }) => deliveries))
    .reduce((a, b) => a + b, 0);
}
