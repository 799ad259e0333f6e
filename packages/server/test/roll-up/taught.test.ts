import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Propagation, Topology } from '@upshot/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanosAt, order, type SpanSketch } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

const SEED = 4_771;

/** Orders of which one consumer lost the context, some of which fail: what many workflows teach. */
function fleet(count: number): SpanSketch[] {
  return Array.from({ length: count }, (_, number) => {
    const spans = order(number + 1, number * 20_000, number % 4 === 0 ? 'HTTP 503' : undefined);
    // The last consumer starts a trace of its own without a link: only its message ID is left.
    return spans.map((span, at) => ({
      ...span,
      resource: { 'deployment.environment.name': 'test' },
      ...(at === spans.length - 1 ? { links: [] } : {}),
    }));
  }).flat();
}

/** What is told of them, without the moment of telling. */
async function told(server: TestServer) {
  await server.noted();
  const [propagation, topology, groups, findings] = await Promise.all([
    server.get<Propagation>('/api/propagation'),
    server.get<Topology>('/api/topology'),
    server.get<{ groups: unknown[] }>('/api/findings/groups'),
    server.get<{ findings: unknown[] }>('/api/findings?limit=1000'),
  ]);
  const { asOf: _a, ...hops } = propagation.json;
  const { asOf: _b, ...map } = topology.json;
  return { hops, map, groups: groups.json.groups, findings: findings.json.findings };
}

async function sendInBatches(server: TestServer, spans: readonly SpanSketch[], sizes: readonly number[]) {
  for (let at = 0, n = 0; at < spans.length; n++) {
    const size = sizes[n % sizes.length]!;
    expect((await server.send(spans.slice(at, at + size))).status).toBe(200);
    at += size;
  }
}

async function eventually(holds: () => Promise<void>, ms = 10_000): Promise<void> {
  for (const end = performance.now() + ms; ; ) {
    try {
      return await holds();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe('what many workflows teach', () => {
  let server: TestServer;
  const spans = fleet(40);

  beforeAll(async () => {
    server = await testServer();
    await sendInBatches(server, spans, [50]);
  });
  afterAll(() => server.close());

  it('counts every delivery of every hop, and names the side at fault', async () => {
    const { hops } = await told(server);
    expect(hops.hops).toHaveLength(2);
    for (const hop of hops.hops) {
      expect(hop.deliveries).toBe(40);
      expect(hop.declared + hop.stitched + hop.unlinked).toBe(40);
    }
    expect(hops.hops[0]).toMatchObject({ state: 'broken', declared: 0, fault: 'consumer' });
    expect(hops.hops[1]).toMatchObject({ state: 'whole', declared: 40 });
    expect(hops.faults).toHaveLength(1);
    expect(hops.faults[0]!.workflows).toBe(40);
  });

  it('draws the map with rates, failures and times', async () => {
    const { map } = await told(server);
    expect(map.events).toHaveLength(1);
    const [event] = map.events;
    expect(event).toMatchObject({ eventName: 'order.placed', published: 40 });
    expect(event!.consumers.map(({ deliveries }) => deliveries)).toEqual([40, 40]);
    expect(event!.consumers.reduce((sum, { failed }) => sum + failed, 0)).toBe(10);
    for (const { workNano, waitNano } of event!.consumers) {
      // Each span took 5 ms; sketches of times are within 2 %.
      expect(Number(workNano.p50) / 5e6).toBeCloseTo(1, 1);
      expect(waitNano.p99).not.toBeNull();
    }
  });

  it('tells of each group of findings when its workflows began', async () => {
    const { groups } = (
      await server.get<{
        groups: { count: number; trend: { fromUnixNano: string; toUnixNano: string; count: number }[] }[];
      }>('/api/findings/groups')
    ).json;
    expect(groups).not.toEqual([]);
    for (const { count, trend } of groups) {
      expect(trend.reduce((sum, period) => sum + period.count, 0)).toBe(count);
      expect(trend.every((period) => period.count > 0)).toBe(true);
      const edges = trend.flatMap(({ fromUnixNano, toUnixNano }) => [
        BigInt(fromUnixNano),
        BigInt(toUnixNano),
      ]);
      expect(edges).toEqual([...edges].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    }
    // 40 workflows, 20 s apart from one another, of which one in four fails.
    const [first, last] = [nanosAt(0), nanosAt(39 * 20_000)];
    const all = groups.find(({ count }) => count === 40)!.trend;
    expect(BigInt(all[0]!.fromUnixNano)).toBeLessThanOrEqual(first);
    expect(BigInt(all.at(-1)!.toUnixNano)).toBeGreaterThan(last);
  });

  it('groups findings by their cause, mutes them with a reason, and tells in each workflow how many share them', async () => {
    const { json } = await server.get<{ groups: { id: string; kind: string; count: number }[] }>(
      '/api/findings/groups',
    );
    const broken = json.groups.find(({ kind }) => kind === 'broken-causality')!;
    expect(broken.count).toBe(40);
    const workflow = await server.get<{ findings: { kind: string; alike?: { count: number } }[] }>(
      '/api/workflows/order_3',
    );
    const finding = workflow.json.findings.find(({ kind }) => kind === 'broken-causality')!;
    expect(finding.alike).toMatchObject({ count: 40, firstSeenUnixNano: String(nanosAt(0)) });

    const path = `/api/findings/groups/${broken.id}/mute`;
    const put = (body: unknown) =>
      server.get(path, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await put({ reason: 'see ticket 17', for: '7d' })).status).toBe(204);
    const muted = await server.get<{ groups: { id: string; muted: unknown }[] }>('/api/findings/groups');
    expect(muted.json.groups.find(({ id }) => id === broken.id)!.muted).toMatchObject({
      reason: 'see ticket 17',
    });
    expect((await server.get(path, { method: 'DELETE' })).status).toBe(204);
    const unmuted = await server.get<{ groups: { id: string; muted: unknown }[] }>('/api/findings/groups');
    expect(unmuted.json.groups.find(({ id }) => id === broken.id)!.muted).toBeNull();
    expect((await put({ reason: '' })).status).toBe(400);
    expect((await put({ reason: 'x', for: 'soon' })).status).toBe(400);
    expect((await server.get('/api/findings/groups/x/mute', { method: 'DELETE' })).status).toBe(400);
  });

  it('pages through the feed of findings, newest first, none twice', async () => {
    const seen: { key: string; timeUnixNano: string; kind: string }[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await server.get<{ findings: typeof seen; nextCursor: string | null }>(
        `/api/findings?limit=7&cursor=${cursor}`,
      );
      seen.push(...json.findings);
      if (json.nextCursor === null) break;
      cursor = json.nextCursor;
    }
    const whole = await server.get<{ findings: typeof seen }>('/api/findings?limit=1000');
    expect(seen).toEqual(whole.json.findings);
    const times = seen.map(({ timeUnixNano }) => BigInt(timeUnixNano));
    expect(times).toEqual([...times].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    const broken = await server.get<{ findings: typeof seen }>(
      '/api/findings?kind=broken-causality&limit=1000',
    );
    expect(broken.json.findings).toHaveLength(40);
  });

  it('counts workflows by time and state, with the filters of the list', async () => {
    const histogram = async (query: string) => {
      const { status, json } = await server.get<{
        buckets: { fromUnixNano: string; toUnixNano: string; counts: Record<string, number> }[];
        complete: boolean;
      }>(`/api/histogram?${query}`);
      expect(status).toBe(200);
      const sum: Record<string, number> = {};
      for (const { counts } of json.buckets)
        for (const [state, count] of Object.entries(counts)) sum[state] = (sum[state] ?? 0) + count;
      return { ...json, sum };
    };
    const range = `since=${nanosAt(0)}&until=${nanosAt(800_000)}`;
    const whole = await histogram(`${range}&buckets=8`);
    expect(whole.buckets).toHaveLength(8);
    expect(whole.sum).toEqual({ failed: 10, completed: 30 });
    expect(whole.buckets.map(({ counts }) => (counts.failed ?? 0) + (counts.completed ?? 0))).toEqual(
      Array(8).fill(5),
    );
    expect((await histogram('')).sum).toEqual({ failed: 10, completed: 30 });
    expect((await histogram(`${range}&status=failed`)).sum).toEqual({ failed: 10 });
    expect((await histogram(`${range}&consumer=mail&service=checkout`)).sum).toEqual({
      failed: 10,
      completed: 30,
    });
    expect((await histogram(`${range}&event=nothing`)).sum).toEqual({});
    const web = await histogram(`${range}&attr=order.channel:web`);
    expect(web.sum).toEqual({ completed: 20 });
    expect((await server.get('/api/histogram?buckets=0')).status).toBe(400);
    expect((await server.get('/api/histogram?limit=1')).status).toBe(400);
  });

  it('is limited by the time asked for', async () => {
    const { json } = await server.get<Propagation>(`/api/propagation?since=${nanosAt(400_000)}`);
    expect(json.hops[0]!.deliveries).toBeLessThan(40);
    expect(json.hops[0]!.deliveries).toBeGreaterThan(15);
    expect((await server.get('/api/topology?since=soon')).status).toBe(400);
    expect((await server.get('/api/findings?kind=nonsense')).status).toBe(400);
  });

  it('comes out the same when it is made anew', async () => {
    const before = await told(server);
    expect((await server.get('/api/roll-ups/rebuild', { method: 'POST' })).status).toBe(202);
    await eventually(async () => expect(await told(server)).toEqual(before));
  });

  it('does not depend on order, batching or repetition', async () => {
    const expected = await told(server);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(spans, { minLength: spans.length }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
        fc.subarray(spans),
        async (shuffled, sizes, again) => {
          const other = await testServer();
          try {
            await sendInBatches(other, [...shuffled, ...again], sizes);
            await eventually(async () => expect(await told(other)).toEqual(expected));
          } finally {
            await other.close();
          }
        },
      ),
      { numRuns: 4, seed: SEED },
    );
  }, 120_000);
});

describe('what was learned', () => {
  it('survives a restart in the middle, mutes included', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'upshot-roll-up-'));
    const open = () => testServer({ store: { kind: 'embedded', directory } });
    const spans = fleet(30);
    const whole = await testServer();
    try {
      await sendInBatches(whole, spans, [64]);
      const expected = await told(whole);
      let server = await open();
      await sendInBatches(server, spans.slice(0, 50), [25]);
      await told(server);
      const group = (await told(server)).groups[0] as { id: string };
      const body = JSON.stringify({ reason: 'known' });
      const headers = { 'content-type': 'application/json' };
      await server.get(`/api/findings/groups/${group.id}/mute`, { method: 'PUT', headers, body });
      await sendInBatches(server, spans.slice(50, 70), [20]);
      await server.close();
      server = await open();
      await sendInBatches(server, spans.slice(70), [30]);
      try {
        const { groups, ...rest } = await told(server);
        const { groups: expectedGroups, ...expectedRest } = expected;
        expect(rest).toEqual(expectedRest);
        const unmuted = groups.map((one) => ({ ...(one as object), muted: null }));
        expect(unmuted).toEqual(expectedGroups);
        expect(groups.find((one) => (one as { id: string }).id === group.id)).toMatchObject({
          muted: { reason: 'known', untilUnixNano: null },
        });
      } finally {
        await server.close();
      }
    } finally {
      await whole.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
