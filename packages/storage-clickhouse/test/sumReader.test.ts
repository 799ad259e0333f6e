import type { TallyCell } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine/Engine.js';
import { migrate } from '../src/schema/migrate.js';
import { ClickHouseStore } from '../src/store/ClickHouseStore.js';
import { SumReader } from '../src/store/tallies/SumReader.js';
import { openEngine } from './support.js';

const FROM = 29_000_000;
const cell = (minute: number, version: bigint, count: number): TallyCell => ({
  minute,
  version,
  tallies: [
    {
      kind: 'hop',
      series: 'a',
      firstUnixNano: 1n,
      lastUnixNano: 2n,
      examples: [`order_${count}`],
      counts: new Map([[7, count]]),
    },
  ],
});

/**
 * Which writes count is asked first, and then their sums. Between the two a minute is written again, and what was there before is merged away.
 *
 *     heads ── minute written anew, merged ── sums of what is gone ── asked in one
 */
describe('sums of tallies', () => {
  it('are whole where a minute is written anew between two queries', async () => {
    const engine = openEngine();
    await migrate(engine);
    const store = await ClickHouseStore.open(engine, Date.now);
    await store.writeTallies([cell(FROM, 1n, 5), cell(FROM + 1, 1n, 6)]);
    let anew = 0;
    const between = new Proxy<Engine>(engine, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name);
        return async (sql: string) => {
          if (sql.includes('minute_count') && anew++ === 0) {
            await store.writeTallies([cell(FROM, 2n, 50)]);
            await engine.command('OPTIMIZE TABLE tallies FINAL');
          }
          return target.query(sql);
        };
      },
    });
    const query = { kinds: ['hop'], since: FROM, until: FROM + 60 };
    const [sum, ...others] = await new SumReader(between).read(query);
    expect(anew).toBe(1);
    expect(others).toEqual([]);
    expect(sum).toMatchObject({
      series: 'a',
      counts: new Float64Array([56]),
      examples: ['order_6', 'order_50'],
    });
    // And where nothing came between.
    const [again] = await new SumReader(between).read(query);
    expect(anew).toBe(2);
    expect(again).toEqual(sum);
  });
});
