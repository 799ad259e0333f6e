import { StorageError } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Asker } from '../../src/ask/Asker.js';
import type { AskLimits } from '../../src/ask/AskLimits.js';
import type { Question } from '../../src/ask/Question.js';
import { FaultyStore } from '../fixtures/FaultyStore.js';
import { largeTrace } from '../fixtures/largeTrace.js';
import { nanosAt } from '../fixtures/telemetry.js';

const SMALL = '1'.repeat(32);
const LARGE = '2'.repeat(32);

let store: FaultyStore;
let ends: (Error | null)[];

beforeEach(async () => {
  store = new FaultyStore(openMemoryStore());
  ends = [];
  await store.write({ spans: [largeTrace(SMALL, 3)], records: [] });
});

afterEach(async () => {
  store.fault = null;
  await store.close();
});

function asker(limits: Partial<AskLimits> = {}): Asker {
  const made = new Asker({ store, limits, onThreadEnd: (error) => ends.push(error) });
  onTestFinished(() => made.close());
  return made;
}

function ask(key: string): Question {
  return {
    kind: 'workflow',
    key,
    format: 'json',
    page: { limit: 100, cursor: null },
    nowUnixNano: nanosAt(60_000),
  };
}

async function stepsOf(answer: Promise<Uint8Array | null>): Promise<number> {
  return JSON.parse(Buffer.from((await answer)!).toString()).steps.length;
}

describe('Asker', () => {
  it('answers many questions at once, each its own', async () => {
    const upshot = asker({ concurrent: 4 });
    const traces = Array.from({ length: 30 }, (_, i) => ({
      id: (i + 16).toString(16).padStart(32, '3'),
      spans: i + 1,
    }));
    await store.write({ spans: traces.map(({ id, spans }) => largeTrace(id, spans)), records: [] });
    const counts = await Promise.all(traces.map(({ id }) => stepsOf(upshot.ask(ask(id)))));
    expect(counts).toEqual(traces.map(({ spans }) => spans));
  });

  it('knows nothing of what nobody sent', async () => {
    expect(await asker().ask(ask('4'.repeat(32)))).toBeNull();
  });

  it('fails a question whose thread ran out of memory, and answers the next', async () => {
    await store.write({ spans: [largeTrace(LARGE, 60_000)], records: [] });
    const upshot = asker({ heapMb: 40, threads: 1 });
    const both = [upshot.ask(ask(LARGE)), upshot.ask(ask(LARGE))];
    for (const question of both) {
      await expect(question).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('try again'),
      });
    }
    expect(ends.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(['ERR_WORKER_OUT_OF_MEMORY']);
    expect(await stepsOf(upshot.ask(ask(SMALL)))).toBe(3);
  });

  it('works on large answers one after the other, turns away more than may wait, and answers small ones beside', async () => {
    await store.write({ spans: [largeTrace(LARGE, 30_000)], records: [] });
    const upshot = asker({ largeWaiting: 1, timeoutMs: 60_000 });
    const large = Promise.allSettled(Array.from({ length: 4 }, () => upshot.ask(ask(LARGE))));
    const small = Array.from({ length: 8 }, () => stepsOf(upshot.ask(ask(SMALL))));
    expect(await Promise.all(small)).toEqual(small.map(() => 3));
    const outcomes = await large;
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining('large'),
        });
    expect(await stepsOf(upshot.ask(ask(LARGE)))).toBe(100);
    expect(ends).toEqual([]);
  });

  it('gives the turn of a large answer on when its caller leaves, whether it works or waits', async () => {
    await store.write({ spans: [largeTrace(LARGE, 30_000)], records: [] });
    const upshot = asker({ largeWaiting: 2, timeoutMs: 60_000 });
    const [first, second] = [new AbortController(), new AbortController()];
    const working = upshot.ask(ask(LARGE), first.signal);
    const waiting = upshot.ask(ask(LARGE), second.signal);
    const last = upshot.ask(ask(LARGE));
    const gone = Promise.allSettled([working, waiting]);
    while (store.finds < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    second.abort();
    first.abort();
    expect((await gone).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await stepsOf(last)).toBe(100);
  });

  it('replaces a thread that does not hear that its answer is no longer wanted', async () => {
    await store.write({ spans: [largeTrace(LARGE, 60_000)], records: [] });
    const upshot = asker({ threads: 1, graceMs: 20 });
    expect(await stepsOf(upshot.ask(ask(SMALL)))).toBe(3);
    const gone = new AbortController();
    const before = store.finds;
    const question = upshot.ask(ask(LARGE), gone.signal);
    // The first look-up is cut, the second brings all rows: then it will think for longer than the grace.
    while (store.finds < before + 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    gone.abort();
    await expect(question).rejects.toMatchObject({ code: 'unavailable' });
    while (ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await stepsOf(upshot.ask(ask(SMALL)))).toBe(3);
  });

  it('gives up in time on a store that does not answer', async () => {
    // Long enough for an answer of a store that is there, on a busy machine too.
    const upshot = asker({ timeoutMs: 2_000 });
    store.fault = 'silence';
    await expect(upshot.ask(ask(SMALL))).rejects.toMatchObject({ code: 'timeout' });
    store.fault = null;
    expect(await stepsOf(upshot.ask(ask(SMALL)))).toBe(3);
    expect(ends).toEqual([]);
  });

  it('refuses a question that reads too many rows', async () => {
    await store.write({ spans: [largeTrace(LARGE, 1001)], records: [] });
    await expect(asker({ maxRows: 1000 }).ask(ask(LARGE))).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('1000 rows'),
    });
  });

  it.each([
    [new StorageError('timeout', 'SELECT 1 took too long'), 'timeout'],
    [new StorageError('unavailable', 'user:secret@10.0.0.1 refused'), 'unavailable'],
    [new StorageError('denied', 'password "secret"'), 'unavailable'],
    [new TypeError('secret'), 'unavailable'],
  ])('says nothing of what a store says: %s', async (fault, code) => {
    store.fault = fault;
    const error = await asker()
      .ask(ask(SMALL))
      .catch((thrown: unknown) => thrown as Error & { code: string });
    expect(error).toMatchObject({ code });
    expect((error as Error).message).not.toMatch(/secret|SELECT|10\.0/);
  });

  it('lets so many wait and turns the rest away', async () => {
    const upshot = asker({ concurrent: 1, waiting: 2 });
    store.fault = 'silence';
    const accepted = [1, 2, 3].map(() => stepsOf(upshot.ask(ask(SMALL))));
    await expect(upshot.ask(ask(SMALL))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/Too many/),
    });
    store.fault = null;
    expect(await Promise.all(accepted)).toEqual([3, 3, 3]);
  });
});
