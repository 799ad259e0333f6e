import type { WorkflowList } from '@upshot/api-contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanosAt, order, type SpanSketch } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

/**
 * Time →   page 1 ──── arrivals ──── page 2 ──── arrivals ──── page 3 …
 *
 * Orders of four spans in three traces, their spans arriving in any order, before the first page or between any two: late consumers, late
 * roots that move a workflow down the list, whole new workflows, many at one instant.
 */
let server: TestServer;
/** Pages are given up after a moment, so that many of them end in the middle of nothing. */
let hasty: TestServer;

beforeAll(async () => {
  server = await testServer();
  hasty = await testServer({ listBudgetMs: 0 });
});

afterAll(async () => {
  await server.close();
  await hasty.close();
});

interface Arrival {
  readonly mode: 'link' | 'parent';
  readonly startMs: number;
  /** When each of the four spans arrives: 0 is before the first page. */
  readonly phases: readonly [number, number, number, number];
}

const PHASES = 6;
const arrival: fc.Arbitrary<Arrival> = fc.record({
  mode: fc.constantFrom('link', 'parent'),
  // Few instants for many workflows: ties are the rule.
  startMs: fc.integer({ min: 0, max: 12 }).map((instant) => instant * 10),
  phases: fc.oneof(
    { weight: 3, arbitrary: fc.constant([0, 0, 0, 0] as const) },
    { weight: 1, arbitrary: fc.tuple(phase(), phase(), phase(), phase()) },
    { weight: 1, arbitrary: phase().map((at) => [at, at, at, at] as const) },
  ),
});

function phase(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: PHASES - 1 });
}

let runs = 0;
let orders = 0;

/** Pages through one stretch of time while telemetry arrives. */
async function page(on: TestServer, arrivals: readonly Arrival[], limit: number) {
  // Each run has an hour of its own, so that runs don't see one another.
  const hourMs = ++runs * -3_600_000;
  const numbered = arrivals.map((one) => ({ ...one, number: ++orders }));
  const spansOf = (at: number): SpanSketch[] =>
    numbered.flatMap(({ number, startMs, mode, phases }) =>
      order(number, hourMs + startMs, undefined, mode).filter((_span, i) => phases[i] === at),
    );
  const range = `since=${nanosAt(hourMs - 1000)}&until=${nanosAt(hourMs + 1_800_000)}`;
  const pages: WorkflowList['workflows'][] = [];
  let cursor = '';
  for (let at = 0; at === 0 || cursor !== ''; at++) {
    const spans = spansOf(at);
    if (spans.length > 0) {
      expect((await on.send(spans)).status).toBe(200);
      await on.noted();
    }
    const { status, json } = await on.get<WorkflowList>(
      `/api/workflows?${range}&limit=${limit}&cursor=${cursor}`,
    );
    expect(status).toBe(200);
    pages.push(json.workflows);
    cursor = json.nextCursor ?? '';
    expect(pages.length, 'paging must end').toBeLessThan(500);
  }
  return { numbered, pages };
}

describe('paging through workflows while telemetry arrives', { timeout: 120_000 }, () => {
  it.each([
    ['with time enough', () => server],
    ['with pages that end early', () => hasty],
  ])('neither skips nor repeats, and stays in order: %s', async (_how, on) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.integer({ min: 1, max: 15 }),
        async (arrivals, limit) => {
          const { numbered, pages } = await page(on(), arrivals, limit);
          const keys = pages.flat().map(({ key }) => key);
          expect(new Set(keys).size, `repeated: ${keys.join(' ')}`).toBe(keys.length);
          const whole = numbered.filter(({ phases }) => phases.every((at) => at === 0));
          for (const { number } of whole)
            expect(keys, `skipped order_${number}`).toContain(`order_${number}`);
          for (const rows of pages) {
            expect(rows.length).toBeLessThanOrEqual(limit);
            const starts = rows.map((row) => BigInt(row.startTimeUnixNano));
            expect(starts).toEqual([...starts].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('lists everything once where hundreds begin at one instant', async () => {
    const arrivals = Array.from({ length: 700 }, () => ({
      mode: 'link' as const,
      startMs: 0,
      phases: [0, 0, 0, 0] as const,
    }));
    const { numbered, pages } = await page(server, arrivals, 90);
    const keys = pages.flat().map(({ key }) => key);
    expect(keys.sort()).toEqual(numbered.map(({ number }) => `order_${number}`).sort());
  });
});
