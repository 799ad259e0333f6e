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

/** One action that publishes to so many consumers, each with its own trace, which links to the publish, and so many steps that come later. */
function campaign(consumers: number, steps: number): SentSpan[] {
  const attributes = [{ key: 'upshot.correlation_id', value: { stringValue: 'tenant-7' } }];
  const send = (traceId: string, spanId: string, ms: number, span: object): SentSpan => ({
    service: 'shop',
    span: {
      traceId,
      spanId,
      startTimeUnixNano: String(NOW - 600_000_000_000n + BigInt(ms) * 1_000_000n),
      endTimeUnixNano: String(NOW - 600_000_000_000n + BigInt(ms + 1) * 1_000_000n),
      attributes,
      ...span,
    },
  });
  const messaging = (type: string, id: string) => ({
    attributes: [
      ...attributes,
      ...Object.entries({
        'messaging.system': 'kafka',
        'messaging.operation.type': type,
        'messaging.destination.name': 'campaign',
        'messaging.message.id': id,
      }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    ],
  });
  const spans = [send(hex(1, 32), hex(1, 16), 0, { name: 'launch-campaign', kind: 2 })];
  for (let n = 0; n < consumers; n++) {
    const published = { traceId: hex(1, 32), spanId: hex(10_000 + n, 16) };
    spans.push(
      send(published.traceId, published.spanId, n, {
        ...messaging('send', `m${n}`),
        name: 'send campaign',
        kind: 4,
        parentSpanId: hex(1, 16),
      }),
      send(hex(100 + n, 32), hex(20_000 + n, 16), 100 + n, {
        ...messaging('process', `m${n}`),
        name: 'mail-customers',
        kind: 5,
        links: [published],
      }),
    );
    for (let step = 0; step < steps; step++)
      spans.push(
        send(hex(100 + n, 32), hex(100_000 + n * steps + step, 16), 1000 + n + step, {
          name: 'mail-customer',
          kind: 1,
          parentSpanId: hex(20_000 + n, 16),
        }),
      );
  }
  return spans;
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

  it('is one workflow where its latest rows name causes that were not among them', async () => {
    const store = await holding(campaign(60, 400));
    const graph = (await workflow(store, 'tenant-7'))!;
    expect(graph.findings.map(({ kind }) => kind)).not.toContain('correlation-too-broad');
    expect(graph.truncated).toMatchObject({ reason: 'node-limit', total: 1 + 60 * 403 });
  });

  it('is read on where it is one large workflow', async () => {
    const graph = (await workflow(await holding(tenant(1, 25_000)), 'tenant-7'))!;
    expect(graph.truncated).toMatchObject({ reason: 'node-limit', total: 25_000, shown: 20_000 });
  });
});
