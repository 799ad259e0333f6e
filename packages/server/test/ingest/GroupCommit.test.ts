import { decodeSpans } from '@upshot/model';
import { StorageError } from '@upshot/storage';
import { describe, expect, it } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from '../../src/ingest/GroupCommit.js';
import { type Fault, FaultyStore } from './FaultyStore.js';

const unavailable = () => new StorageError('unavailable', 'not now');

function start(fault: (write: number) => Fault = () => null, options: Partial<GroupCommitOptions> = {}) {
  const store = new FaultyStore(fault);
  const { pace, ...others } = options;
  const commit = new GroupCommit({ store, pace: { companyMs: 1, intervalMs: 1, ...pace }, ...others });
  return { store, commit };
}

/** Adds rows as the receiver does. Their trace IDs count on from `first`. */
function add(commit: GroupCommit, first: number, rows = 1): Promise<void> {
  const { spans, durable } = commit.group();
  for (let i = 0; i < rows; i++) {
    const row = spans.begin();
    traceId(first + i).copy(spans.traceIds, row * 16);
    spans.spanIds.fill(7, row * 8, row * 8 + 8);
    spans.setTimes(1, 1, 2, 1);
    spans.nameIndexes[row] = spans.nameIndex(`span ${first + i}`);
    spans.serviceIndexes[row] = spans.serviceIndex('service');
    spans.sourceIndexes[row] = spans.sourceIndex(Buffer.alloc(0));
    spans.commit();
  }
  commit.added(rows * 100);
  return durable;
}

function traceId(n: number): Buffer {
  const bytes = Buffer.alloc(16, 1);
  bytes.writeUInt32BE(n, 12);
  return bytes;
}

async function isFound(store: FaultyStore, n: number): Promise<boolean> {
  const { spans } = await store.find({ traceIds: [traceId(n).toString('hex')], limit: 10 });
  return decodeSpans(spans).some(({ name }) => name === `span ${n}`);
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('GroupCommit', () => {
  it('writes what came together in one write, and tells each sender when it is durable', async () => {
    const { store, commit } = start(() => null, { pace: { companyMs: 20 } });
    await Promise.all(Array.from({ length: 50 }, (_, i) => add(commit, i)));
    expect(store.writes).toEqual([50]);
    for (let i = 0; i < 50; i++) expect(await isFound(store, i)).toBe(true);
  });

  it('has one write in flight, and makes the next of all that came meanwhile', async () => {
    let finish = () => {};
    const first = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { store, commit } = start((write) => (write === 1 ? first : null));
    const early = add(commit, 0);
    await sleep(20);
    const late = Array.from({ length: 30 }, (_, i) => add(commit, i + 1));
    await sleep(50);
    expect(store.writes).toEqual([1]);
    finish();
    await Promise.all([early, ...late]);
    expect(store.writes).toEqual([1, 30]);
    expect(store.mostWritesAtOnce).toBe(1);
  });

  it('does not wait for company when enough rows are there, and bounds a write', async () => {
    let finish = () => {};
    const first = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { store, commit } = start((write) => (write === 1 ? first : null), {
      fullRows: 20_000,
      pace: { enoughRows: 20_000, companyMs: 60_000, gatherMs: 60_000 },
    });
    const all = [add(commit, 0, 20_000)];
    await sleep(5);
    expect(store.writes).toEqual([20_000]);
    for (let i = 1; i <= 9; i++) all.push(add(commit, i * 20_000, 20_000));
    finish();
    await Promise.all(all);
    expect(store.writes).toEqual([20_000, 120_000, 60_000]);
  });

  it('lets a few small writes follow each other at once', async () => {
    const { store, commit } = start(() => null, { pace: { intervalMs: 60_000, burst: 4 } });
    for (let i = 0; i < 4; i++) await add(commit, i);
    expect(store.writes).toEqual([1, 1, 1, 1]);
  });

  it('holds many small writes apart', async () => {
    const { store, commit } = start(() => null, { pace: { intervalMs: 40, burst: 1 } });
    const begin = performance.now();
    for (let i = 0; i < 6; i++) await add(commit, i);
    expect(store.writes).toHaveLength(6);
    expect(performance.now() - begin).toBeGreaterThan(5 * 40 - 5);
  });

  it('holds no write apart that has enough rows', async () => {
    const { store, commit } = start(() => null, { pace: { intervalMs: 60_000, burst: 0, enoughRows: 100 } });
    for (let i = 0; i < 5; i++) await add(commit, i * 100, 100);
    expect(store.writes).toEqual([100, 100, 100, 100, 100]);
  });

  it('tries a write again that fails for now, and nobody hears of it', async () => {
    const { store, commit } = start((write) => (write <= 2 ? unavailable() : null));
    const durable = add(commit, 1, 3);
    await durable;
    expect(store.writes).toEqual([3, 3, 3]);
    expect(await isFound(store, 2)).toBe(true);
  });

  it('gives up in time, tells the senders of that write alone, and recovers by itself', async () => {
    let isBroken = true;
    const { store, commit } = start(() => (isBroken ? unavailable() : null), { retryForMs: 200 });
    await expect(add(commit, 1)).rejects.toThrow('not now');
    isBroken = false;
    await add(commit, 2);
    expect(await isFound(store, 1)).toBe(false);
    expect(await isFound(store, 2)).toBe(true);
  });

  it('gives up at once where trying again is of no use', async () => {
    const denied = new StorageError('denied', 'wrong password');
    const { store, commit } = start((write) => (write === 1 ? denied : null));
    await expect(add(commit, 1)).rejects.toBe(denied);
    expect(store.writes).toEqual([1]);
    await add(commit, 2);
  });

  it('turns new requests away while the store fails or stalls, and no longer', async () => {
    let finish = () => {};
    const stalled = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { commit } = start((write) => (write === 1 ? stalled : null), { failingAfterMs: 60 });
    const durable = add(commit, 1);
    await sleep(20);
    expect(commit.pressure).toBe('none');
    await sleep(80);
    expect(commit.pressure).toBe('failing');
    finish();
    await durable;
    expect(commit.pressure).toBe('none');
  });

  it('drains: writes what there is, takes no more, and resolves when all is settled', async () => {
    const { store, commit } = start((write) => (write === 1 ? unavailable() : null), {
      pace: { companyMs: 60_000, gatherMs: 60_000 },
    });
    const durable = add(commit, 1);
    const drained = commit.drain();
    expect(commit.pressure).toBe('closed');
    await drained;
    await durable;
    expect(store.writes).toEqual([1, 1]);
    await commit.drain();
  });

  it('fills its builders again and again, and mixes no rows up', async () => {
    const { store, commit } = start((write) => (write % 5 === 0 ? unavailable() : null), {
      pace: { intervalMs: 0 },
    });
    let next = 0;
    for (let round = 0; round < 60; round++) {
      const batch = Array.from({ length: 7 }, () => {
        const rows = 1 + ((round * 31) % 40);
        next += rows;
        return add(commit, next - rows, rows);
      });
      await Promise.all(batch);
    }
    expect((await store.statistics()).spans).toBe(next);
    for (let i = 0; i < next; i += 13) expect(await isFound(store, i)).toBe(true);
  });

  it('tells of each write', async () => {
    const told: unknown[] = [];
    const { commit } = start((write) => (write === 1 ? new StorageError('denied', 'no') : null), {
      onWrite: ({ spans, records, error }) => told.push([spans, records, error !== null]),
    });
    await add(commit, 1, 4).catch(() => {});
    await add(commit, 9, 2);
    expect(told).toEqual([
      [4, 0, true],
      [2, 0, false],
    ]);
  });
});
