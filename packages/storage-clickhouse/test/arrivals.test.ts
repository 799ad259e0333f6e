import { setImmediate } from 'node:timers/promises';
import { spanBatch, storedRecord } from '@upshot/storage/contract-kit';
import { describe, expect, it } from 'vitest';
import type { Engine, Limit, ReachedRows } from '../src/engine/Engine.js';
import type { InsertTarget } from '../src/schema/InsertTarget.js';
import { migrate } from '../src/schema/migrate.js';
import { ClickHouseStore } from '../src/store/ClickHouseStore.js';
import { openEngine, temporaryDirectory } from './support.js';

const trace = (n: number) => n.toString(16).padStart(32, '0');
const span = (n: number) => n.toString(16).padStart(16, '0');
const batch = (n: number) => ({
  spans: [spanBatch([{ traceId: trace(n), spanId: span(n) }])],
  records: [],
});

/** The real engine, of which inserts can be held, or given up and stored all the same. */
class SlowEngine implements Engine {
  readonly writerId = null;
  /** What an insert waits for before it is passed on. */
  gate: Promise<unknown> = Promise.resolve();
  /** The next insert rejects at once; its rows are stored when the gate opens. */
  giveUp = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly engine: Engine) {}

  get description(): string {
    return this.engine.description;
  }

  async insert(target: InsertTarget, blocks: Uint8Array, limit?: Limit): Promise<void> {
    // As the real one: inserts run one after the other, those that were given up too.
    const { gate } = this;
    const insert = Promise.all([this.last, gate]).then(() => this.engine.insert(target, blocks, limit));
    this.last = insert;
    if (!this.giveUp) return insert;
    this.giveUp = false;
    throw new Error('given up');
  }

  query(sql: string, limit?: Limit): Promise<Uint8Array> {
    return this.engine.query(sql, limit);
  }

  queryReachable(sql: string, limit?: Limit): Promise<ReachedRows> {
    return this.engine.queryReachable(sql, limit);
  }

  command(sql: string): Promise<void> {
    return this.engine.command(sql);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

async function open(clock: () => number, directory = temporaryDirectory()) {
  const engine = new SlowEngine(openEngine(directory));
  await migrate(engine);
  return { engine, store: await ClickHouseStore.open(engine, clock), directory };
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { opened, open: () => release() };
}

const tracesOf = (page: { readonly arrivals: readonly { readonly traceId: string }[] }) =>
  page.arrivals.map(({ traceId }) => Number.parseInt(traceId, 16));

describe('arrivals', () => {
  /**
   *   write 1 ✓
   *   write 2 ├──── stamped, held ────────────┤ visible
   *   reads          1        nothing                    2
   */
  it('tells of a write that was stamped long before it became visible', async () => {
    let now = 1_000_000;
    const { engine, store } = await open(() => now);
    await store.write(batch(1));
    const held = gate();
    engine.gate = held.opened;
    const slow = store.write(batch(2));
    await setImmediate();
    now += 600_000;
    const first = await store.arrivals(null, 10);
    expect(tracesOf(first)).toEqual([1]);
    const second = await store.arrivals(first.reached, 10);
    expect(second).toMatchObject({ arrivals: [], more: false });
    held.open();
    await slow;
    expect(tracesOf(await store.arrivals(second.reached, 10))).toEqual([2]);
  });

  /**
   *   write 1 ├── given up ✗ ·········· stored all the same, seen by nobody who was told ✓
   *   write 2                 ├─────────┤ ✓
   */
  it('tells of the rows of a write that was given up and came through later', async () => {
    const { engine, store } = await open(() => 1_000_000);
    const held = gate();
    engine.gate = held.opened;
    engine.giveUp = true;
    await expect(store.write(batch(1))).rejects.toThrow('given up');
    const before = await store.arrivals(null, 10);
    expect(tracesOf(before)).toEqual([]);
    const next = store.write(batch(2));
    await setImmediate();
    const meanwhile = await store.arrivals(before.reached, 10);
    expect(tracesOf(meanwhile)).toEqual([]);
    held.open();
    await next;
    expect(tracesOf(await store.arrivals(meanwhile.reached, 10))).toEqual([1, 2]);
  });

  it('go on where the clock goes back, while the store is open and over a restart', async () => {
    let now = 2_000_000_000;
    const { store, directory } = await open(() => now);
    await store.write(batch(1));
    now -= 1_000_000;
    await store.write({ spans: [], records: [storedRecord({ eventId: 'e2' })] });
    const first = await store.arrivals(null, 10);
    expect(first.arrivals.map(({ eventId }) => eventId)).toEqual(['', 'e2']);
    await store.putDocument('a', 'older');
    await store.close();

    now -= 1_000_000;
    const again = await open(() => now, directory);
    await again.store.write(batch(3));
    await again.store.putDocument('a', 'newer');
    expect(tracesOf(await again.store.arrivals(first.reached, 10))).toEqual([3]);
    expect(await again.store.document('a')).toBe('newer');
    await again.store.close();
  });

  it('are found however far apart they were written', async () => {
    let now = 0;
    const { store } = await open(() => now);
    const gaps = [0, 1, 59_000, 61_000, 86_400_000, 5_000_000_000, 1, 1];
    for (const [n, gap] of gaps.entries()) {
      now += gap;
      await store.write({ ...batch(n + 1), records: n % 2 ? [storedRecord({ eventId: `e${n}` })] : [] });
    }
    for (const limit of [1, 2, 3, 100]) {
      const told: number[] = [];
      for (let mark: bigint | null = null, more = true; more; ) {
        const page = await store.arrivals(mark, limit);
        told.push(...tracesOf(page).filter((n) => n > 0));
        ({ reached: mark, more } = page);
      }
      expect(told).toEqual(gaps.map((_, n) => n + 1));
    }
  });
});
