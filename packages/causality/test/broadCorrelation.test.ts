import { describe, expect, it } from 'vitest';
import { holding, workflow } from './support/ask.js';
import { NOW, type SentSpan } from './support/fleet.js';

const hex = (n: number, length: number) => n.toString(16).padStart(length, '0');

/** `roots` actions of one tenant, each of `size` spans, all with the tenant's ID as their correlation ID. */
function tenant(roots: number, size: number): SentSpan[] {
  return Array.from({ length: roots * size }, (_, n) => {
    const root = Math.floor(n / size);
    const first = n % size === 0;
    const start = NOW - 1_000_000_000n * BigInt(roots - root) + BigInt(n % size) * 1000n;
    return {
      service: 'shop',
      span: {
        traceId: hex(root + 1, 32),
        spanId: hex(n + 1, 16),
        ...(first ? {} : { parentSpanId: hex(root * size + 1, 16) }),
        name: first ? `act-${root}` : 'step',
        kind: first ? 2 : 1,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 500n),
        attributes: [{ key: 'upshot.correlation_id', value: { stringValue: 'tenant-7' } }],
      },
    };
  });
}

describe('a correlation ID that many actions share', () => {
  it('is one workflow up to 20 roots', async () => {
    const graph = (await workflow(await holding(tenant(20, 2)), 'tenant-7'))!;
    expect(graph.steps).toHaveLength(40);
    expect(graph.key).toBe('tenant-7');
    expect(graph.findings).toEqual([]);
  });

  it('names no workflow beyond: it answers the newest, which is known by its trace', async () => {
    const graph = (await workflow(await holding(tenant(21, 2)), 'tenant-7'))!;
    expect(graph.steps.map(({ step }) => step)).toEqual(['act-20', 'step']);
    expect(graph.key).toBe(hex(21, 32));
    expect(graph.findings.map(({ kind }) => kind)).toEqual(['correlation-too-broad']);
    expect(graph.truncated).toBeNull();
  });

  it('is told without reading all that carries it', async () => {
    const store = await holding(tenant(3000, 10));
    const limits: number[] = [];
    const find = store.find.bind(store);
    store.find = async (lookup, options) => {
      const found = await find(lookup, options);
      limits.push(found.spans.rows);
      return found;
    };
    const graph = (await workflow(store, 'tenant-7'))!;
    expect(graph.steps.map(({ step }) => step)[0]).toBe('act-2999');
    expect(graph.steps).toHaveLength(10);
    expect(graph.truncated).toBeNull();
    expect(Math.max(...limits)).toBeLessThanOrEqual(20_000);
  });

  it('is read on where it is one large workflow', async () => {
    const graph = (await workflow(await holding(tenant(1, 25_000)), 'tenant-7'))!;
    expect(graph.truncated).toMatchObject({ reason: 'node-limit', total: 25_000, shown: 20_000 });
  });
});
