import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spanBatch } from '@upshot/storage/contract-kit';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { expect, it } from 'vitest';
import { SizeRetention } from '../src/SizeRetention.js';

const DAY = 86_400_000_000_000n;
const trace = (n: number) => n.toString(16).padStart(32, '0');

it('drops the oldest days while the store is larger than it may be, and never the day under way', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'upshot-size-'));
  const store = await openChdbStore({ directory });
  const now = BigInt(Date.now()) * 1_000_000n;
  const log: string[] = [];
  const kept = async () => {
    const traceIds = [3, 2, 0].map(trace);
    return (await store.find({ traceIds, limit: 10 })).spans.rows;
  };
  const shrunkTo = async (mostBytes: number) => {
    const retention = new SizeRetention(
      store,
      mostBytes,
      () => now,
      (line) => log.push(line),
      (error) => {
        throw error;
      },
    );
    await retention.close();
  };
  try {
    for (const ago of [3, 2, 0])
      await store.write({
        spans: [
          spanBatch([{ traceId: trace(ago), spanId: '00000000000000aa', start: now - BigInt(ago) * DAY }]),
        ],
        records: [],
      });
    const { bytes, oldestDay } = await store.statistics();
    expect(oldestDay).toBe(Number((now - 3n * DAY) / DAY));
    await shrunkTo(bytes);
    expect([await kept(), log]).toEqual([3, []]);
    await shrunkTo(bytes - 1);
    expect([await kept(), log]).toEqual([2, []]);
    await shrunkTo(1);
    expect(await kept()).toBe(1);
    expect(log).toEqual([expect.stringContaining('--retention-size')]);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
