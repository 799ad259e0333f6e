import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowGraph } from '@upshot/model';
import { expect, it } from 'vitest';
import { order } from './fixtures/orders.js';
import { serve, temporaryDirectory } from './fixtures/spawnUpshot.js';

const KILLS = 4;
const SENDERS = 8;
const ORDERS_PER_REQUEST = 20;
/** Orders that are asked for at the end. */
const SPREAD = 150;
const LAST_ONES = 30;

/**
 * What a sender heard 200 for is there after a `kill -9`, whole, and what it heard nothing of does no harm: senders send without a pause, the
 * server is killed in the middle and started again on the same directory, several times.
 */
it('loses nothing that it acknowledged when it is killed under load', async () => {
  const store = join(temporaryDirectory(), 'data');
  const acknowledged: number[] = [];
  const lastOnes = new Set<number>();
  let number = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await serve(['--store', store]);
    let killed = false;
    const sendUntilKilled = async (): Promise<void> => {
      while (!killed) {
        const numbers = Array.from({ length: ORDERS_PER_REQUEST }, () => ++number);
        const resourceSpans = numbers.flatMap((one) => order(one).resourceSpans);
        const response = await fetch(`${server.otlpHttp}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ resourceSpans }),
        }).catch(() => null);
        if (response?.status === 200) acknowledged.push(...numbers);
      }
    };
    const before = acknowledged.length;
    const senders = Array.from({ length: SENDERS }, sendUntilKilled);
    // In the middle of what comes after the first that was acknowledged, however slow the machine is.
    while (acknowledged.length === before) await sleep(10);
    await sleep(100 + 350 * kill);
    killed = true;
    expect((await server.stop('SIGKILL')).signal).toBe('SIGKILL');
    await Promise.all(senders);
    for (let i = 1; i <= LAST_ONES; i++) lastOnes.add(acknowledged.length - i);
  }

  const server = await serve(['--store', store]);
  // The last ones before each kill, and a spread of all.
  const spread = Math.ceil(acknowledged.length / SPREAD);
  const looked = acknowledged.filter((_one, i) => i % spread === 0 || lastOnes.has(i));
  const lost: number[] = [];
  for (const one of looked) {
    const response = await fetch(`${server.ui}/api/workflows/order_${one}`);
    const graph = response.status === 200 ? ((await response.json()) as WorkflowGraph) : null;
    const isWhole = graph?.steps.length === 1 && graph.events.length === 1 && graph.attempts.length === 1;
    if (!isWhole) lost.push(one);
  }
  expect(lost).toEqual([]);
  expect(looked.length).toBeGreaterThan(KILLS * LAST_ONES);
}, 180_000);
