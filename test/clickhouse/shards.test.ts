import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowGraph } from '@upshot/model';
import { beforeEach, expect, it } from 'vitest';
import { type Served, serve } from '../../packages/cli/test/fixtures/spawnUpshot.js';
import { newDatabase } from './rig/ClickHouseCluster.js';
import { describeClickHouse } from './rig/describeClickHouse.js';
import { askForOrder, isWhole, orderOf, sendOrders, wholeAnswer } from './rig/orders.js';

/** A machine that is busy with other tests answers late. */
const PATIENT = ['--answer-timeout', '2m'];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describeClickHouse('a cluster of two shards', 2, (cluster) => {
  // A test that failed may have left one stopped.
  beforeEach(() => Promise.all(cluster().nodes.map((node) => node.start())));

  /**
   *   shard 1   ──────────────── up ─────────────────────
   *   shard 2   ── up ──┤ down           ├── up ──────────
   *   answers     whole   truncated        whole
   */
  it('answers with what is left when a shard is stopped, says so, and is whole again after', async () => {
    const url = cluster().url();
    for (const stopped of [1, 0]) {
      const server = await serve([...PATIENT, '--store', stopped === 1 ? url : cluster().url()]);
      const numbers = range(0, 12);
      expect(await sendOrders(server, numbers)).toBe(true);
      expect(await unwhole(server, numbers)).toEqual([]);

      await cluster().nodes[stopped]!.kill();
      const answers = await Promise.all(numbers.map((n) => askForOrder(server, n)));
      expect(answers.flatMap(({ refusal }) => refusal ?? [])).toEqual([]);
      const graphs = answers.flatMap(({ graph }) => graph ?? []);
      for (const graph of graphs) {
        expect(graph.truncated).toMatchObject({ reason: 'shard-unavailable' });
        expect(graph.findings).toContainEqual(
          expect.objectContaining({
            kind: 'truncated',
            message: expect.stringContaining(`shard ${stopped + 1} of two`),
          }),
        );
      }
      // What is on the shard that is left is shown.
      expect(
        graphs.filter(({ steps, events, attempts }) => steps.length + events.length + attempts.length > 0)
          .length,
      ).toBeGreaterThan(4);
      const span = await fetch(`${server.ui}/api/events/evt_7`);
      expect([200, 503]).toContain(span.status);
      const nothing = await fetch(`${server.ui}/api/workflows/nobody-knows-this`);
      expect([nothing.status, ((await nothing.json()) as WorkflowGraph).truncated?.reason]).toEqual([
        200,
        'shard-unavailable',
      ]);
      const list = await fetch(`${server.ui}/api/workflows`);
      expect([list.status, list.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await sendOrders(server, range(1000, 1040)), 'acknowledged without one shard').toBe(false);

      await cluster().nodes[stopped]!.start();
      await expect.poll(() => orderOf(server, 7).then(isWhole), { timeout: 60_000 }).toBe(true);
      expect(await unwhole(server, numbers)).toEqual([]);
      expect((await fetch(`${server.ui}/api/workflows/nobody-knows-this`)).status).toBe(404);
      await expect.poll(() => sendOrders(server, range(1000, 1040)), { timeout: 60_000 }).toBe(true);
      expect(isWhole(await wholeAnswer(server, 1001))).toBe(true);
      // The background made nothing of what it saw in part.
      await expect
        .poll(() => statesOf(server.ui), { timeout: 60_000 })
        .toEqual({ completed: expect.any(Number) });
      expect((await server.stop()).code).toBe(0);
    }
  }, 240_000);

  /**
   *   shard     ── up ──┤ hangs            ├── goes on ──
   *   senders     ✓       503, at once after a while   ✓
   */
  it('pushes back when a shard hangs, and goes on by itself when it does', async () => {
    const server = await serve([...PATIENT, '--store', cluster().url()]);
    expect(await sendOrders(server, range(0, 20))).toBe(true);
    cluster().nodes[1]!.signal('SIGSTOP');
    const stalled = sendOrders(server, range(20, 40));
    // The first waits for its write; whoever comes after two seconds of that is turned away.
    await sleep(3000);
    const began = performance.now();
    expect(await sendOrders(server, range(40, 60))).toBe(false);
    expect(performance.now() - began).toBeLessThan(5000);
    cluster().nodes[1]!.signal('SIGCONT');
    expect(await stalled).toBe(true);
    await expect.poll(() => sendOrders(server, range(40, 60)), { timeout: 60_000 }).toBe(true);
    expect(await unwhole(server, range(0, 60))).toEqual([]);
    expect((await server.stop()).code).toBe(0);
  }, 120_000);

  /**
   *   senders   ─ 1 ✓ ─ 2 ✓ ─ 3 503 ─ 3 503 ─ 3 ✓ ─ 4 ✓ ─
   *   shard     ───────────┤ killed ├── up ───────────────
   */
  it('loses nothing that was acknowledged and shows nothing twice when a shard is restarted under load', async () => {
    const database = newDatabase();
    const server = await serve([...PATIENT, '--store', cluster().url({ database })]);
    const acknowledged: number[] = [];
    let next = 0;
    let isOver = false;
    const send = async () => {
      while (!isOver) {
        const numbers = range(next, next + 20);
        next += 20;
        // As exporters do: the same again until it is acknowledged.
        while (!(await sendOrders(server, numbers))) {
          if (isOver) return;
          await sleep(100);
        }
        acknowledged.push(...numbers);
      }
    };
    const senders = Array.from({ length: 6 }, send);
    for (const n of [1, 0]) {
      await sleep(1200);
      await cluster().nodes[n]!.kill();
      await sleep(600);
      await cluster().nodes[n]!.start();
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 90_000 }).toBeGreaterThan(before + 100);
    }
    isOver = true;
    await Promise.all(senders);

    const step = Math.ceil(acknowledged.length / 60);
    const looked = acknowledged.filter((_, i) => i % step === 0);
    expect(await unwhole(server, looked)).toEqual([]);
    expect(looked.length).toBeGreaterThan(20);
    const spans = await Promise.all(
      cluster().nodes.map((node) =>
        node.sql(`SELECT uniqExact(trace_id, span_id) FROM ${database}.spans_shard`),
      ),
    );
    // Each span lies on one shard, however often it was sent.
    const distinct = await cluster().nodes[0]!.sql(
      `SELECT uniqExact(trace_id, span_id) FROM ${database}.spans`,
    );
    expect(spans.map(Number).reduce((a, b) => a + b)).toBe(Number(distinct));
    expect(Number(distinct)).toBeGreaterThanOrEqual(acknowledged.length * 3);
    // Nor is anything counted twice.
    await expect
      .poll(() => statesOf(server.ui).then(({ completed }) => completed), { timeout: 60_000, interval: 500 })
      .toBe(Number(distinct) / 3);
    expect((await server.stop()).code).toBe(0);
  }, 240_000);
});

/** Those of these orders that are not there whole. */
async function unwhole(server: Served, numbers: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (let at = 0; at < numbers.length; at += 4)
    await Promise.all(
      numbers.slice(at, at + 4).map(async (n) => {
        if (!isWhole(await wholeAnswer(server, n))) found.push(n);
      }),
    );
  return found;
}

/** How many workflows the histogram counts, by state. */
async function statesOf(ui: string): Promise<Record<string, number>> {
  const response = await fetch(`${ui}/api/histogram?since=1d&buckets=10`);
  if (response.status !== 200) return {};
  const { buckets } = (await response.json()) as { buckets: { counts: Record<string, number> }[] };
  const states: Record<string, number> = {};
  for (const { counts } of buckets)
    for (const [state, n] of Object.entries(counts)) if (n > 0) states[state] = (states[state] ?? 0) + n;
  return states;
}
