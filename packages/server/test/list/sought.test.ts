import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowOf } from '@upshot/causality';
import type { WorkflowRow, WorkflowStatus } from '@upshot/model';
import type { Store } from '@upshot/storage';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { openMemoryStore } from '@upshot/storage-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesAt } from '../../src/ask/list/candidatesAt.js';
import { type ListAnswer, listWorkflows } from '../../src/ask/list/listWorkflows.js';
import type { ListQuestion, WorkflowFilter } from '../../src/ask/Question.js';
import { histogram } from '../../src/ask/questions/histogram.js';
import { RollUpState } from '../../src/roll-up/RollUpState.js';
import { rollUpTick } from '../../src/roll-up/rollUpTick.js';
import { nanosAt, spanIdOf, traceIdOf } from '../fixtures/telemetry.js';
import { drive } from './fixtures/drive.js';
import { ERRORS, KEYS, type Saying, saying, VALUES, written } from './fixtures/saying.js';

/**
 * Lists with `attr` and `q` against what they stand for: every workflow of the store assembled, and its spans and records compared one by one.
 *
 *     write ── noted ── write ── noted ── write ── noted ── lists, page by page
 */
const NOW = nanosAt(3_600_000);
const clock = () => performance.now();

const attribute = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES.map(({ text }) => text))),
  },
  fc.tuple(fc.constant('service.name'), fc.constantFrom('mail', 'nobody')),
  fc.tuple(fc.constant('messaging.message.id'), fc.constantFrom('evt_1', 'evt_2')),
);
const text = fc.oneof(
  fc.constantFrom('order_1', 'order_2', 'evt_3', 'rec_2', traceIdOf(21).toUpperCase(), spanIdOf(15)),
  fc.constantFrom('ORDER', 'r_1', 'vt_', 'mail order', 'audited', 'nothing', 'o'),
  fc.constantFrom(...ERRORS).map((error) => error.slice(-9).toUpperCase()),
);
const others: fc.Arbitrary<Partial<WorkflowFilter>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  fc.record({ statuses: fc.subarray<WorkflowStatus>(['failed', 'completed'], { minLength: 1 }) }),
  fc.record({ event: fc.constantFrom('order.placed', 'order.audited') }),
  fc.record({ consumer: fc.constantFrom('billing', 'nobody') }),
);
const filters = fc
  .tuple(
    fc.oneof(
      fc.record({ attributes: fc.array(attribute, { minLength: 1, maxLength: 2 }) }),
      fc.record({ q: text }),
      fc.record({ attributes: fc.tuple(attribute), q: text }),
    ),
    others,
  )
  .map(([sought, other]): Partial<WorkflowFilter> => ({ ...sought, ...other }));

const asked = fc.record({
  filter: filters,
  limit: fc.integer({ min: 1, max: 6 }),
  since: fc.option(fc.integer({ min: 0, max: 8 }), { freq: 1 }),
  until: fc.option(fc.integer({ min: 9, max: 14 }), { freq: 1 }),
});
type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

async function fill(store: Store, sayings: readonly Saying[]): Promise<void> {
  const state = new RollUpState();
  for (let write = 0; write < 3; write++) {
    await store.write(written(sayings, write));
    const options = {
      rules: '',
      limit: 1024,
      oneIn: 1,
      anew: false,
      skip: false,
      noter: null,
      forgotten: [],
    };
    const report = await drive(store, rollUpTick(state, { ...options, nowUnixNano: NOW }, clock));
    expect(report.more).toBe(false);
  }
}

function questionOf(
  { filter, limit, since, until }: Asked,
  budgetMs: number,
): ListQuestion & { nowUnixNano: bigint } {
  const at = (second: number | null) => (second === null ? null : nanosAt(second * 1000));
  const nothing = { statuses: null, event: null, consumer: null, service: null, environment: null };
  return {
    kind: 'list',
    filter: { ...nothing, attributes: [], q: null, ...filter },
    since: at(since),
    until: at(until),
    page: { limit, cursor: null },
    budgetMs,
    asOf: NOW,
    rules: '',
    nowUnixNano: NOW,
  };
}

/** All pages of a list. */
async function listed(
  store: Store,
  question: ListQuestion & { nowUnixNano: bigint },
): Promise<WorkflowRow[]> {
  const rows: WorkflowRow[] = [];
  const { limit } = question.page;
  for (let cursor: string | null = null, pages = 0; ; pages++) {
    const page: ListAnswer = await drive(
      store,
      listWorkflows({ ...question, page: { limit, cursor } }, clock),
    );
    expect(page.workflows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.workflows);
    cursor = page.nextCursor;
    if (cursor === null) return rows;
    expect(pages, 'paging must end').toBeLessThan(100);
  }
}

const byKey = (a: WorkflowRow, b: WorkflowRow) => (a.key < b.key ? -1 : 1);

async function expectSame(store: Store, one: Asked, budgetMs: number): Promise<void> {
  const question = questionOf(one, budgetMs);
  const { since, until, filter } = question;
  const places = await store.entries({ limit: 100_000 });
  const expected = (await drive(store, candidatesAt(places, filter, { nowUnixNano: NOW })))
    .filter(({ passes, position: { timeUnixNano } }) => {
      return passes && (since === null || timeUnixNano >= since) && (until === null || timeUnixNano < until);
    })
    .map(({ graph }) => rowOf(graph))
    .sort(byKey);
  const found = await listed(store, question);
  expect(found.toSorted(byKey)).toEqual(expected);
  const counted = await drive(
    store,
    histogram(
      { ...question, kind: 'histogram', since: since ?? nanosAt(-1000), buckets: 3, budgetMs: 10_000 },
      clock,
    ),
  );
  const sum: { [status: string]: number } = {};
  for (const { counts } of counted.buckets)
    for (const [status, count] of Object.entries(counts)) sum[status] = (sum[status] ?? 0) + count;
  const wanted: { [status: string]: number } = {};
  for (const { status } of expected) wanted[status] = (wanted[status] ?? 0) + 1;
  expect(sum).toEqual(wanted);
  expect(counted.complete).toBe(true);
}

describe('lists by what was said in workflows', { timeout: 120_000 }, () => {
  it('show those that say it, each once, however telemetry arrived', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(saying, { minLength: 1, maxLength: 14, size: 'max' }),
        fc.array(asked, { minLength: 8, maxLength: 8 }),
        async (sayings, questions) => {
          const store = openMemoryStore();
          await fill(store, sayings);
          for (const [n, one] of questions.entries()) await expectSame(store, one, n % 2 === 0 ? 60_000 : 0);
          await store.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('do so from the embedded store', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'upshot-sought-'));
    const store = await openChdbStore({ directory });
    const [sayings] = fc.sample(fc.array(saying, { minLength: 14, maxLength: 14 }), { numRuns: 1, seed: 7 });
    await fill(store, sayings!);
    for (const one of fc.sample(asked, { numRuns: 12, seed: 7 })) await expectSame(store, one, 60_000);
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });
});
