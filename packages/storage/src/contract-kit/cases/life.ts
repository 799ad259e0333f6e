import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { spanBatch } from '../spanBatch.js';

export function lifeCases(bench: Bench): void {
  describe('a store', () => {
    it('has a description without line breaks', () => {
      expect(bench.store().description).toMatch(/^[^\n]{5,}$/);
    });

    it('keeps what resolved over a restart, where anything outlives it', async () => {
      await bench
        .store()
        .write({ spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1) }])], records: [] });
      await bench.restart();
      const { spans } = await bench.store().find({ traceIds: [traceId(1)], limit: 10 });
      expect(spans.rows).toBe(1);
    });

    it('rejects all calls once it is closed, and can be closed twice', async () => {
      const store = bench.store();
      await store.close();
      await store.close();
      const closed = { name: 'StorageError', code: 'closed', retryable: false };
      await expect(store.write({ spans: [], records: [] })).rejects.toMatchObject(closed);
      await expect(store.find({ limit: 1 })).rejects.toMatchObject(closed);
      await expect(store.entries({ limit: 1 })).rejects.toMatchObject(closed);
      await expect(store.statistics()).rejects.toMatchObject(closed);
      await expect(store.expire(0n)).rejects.toMatchObject(closed);
      await expect(store.arrivals(null, 1)).rejects.toMatchObject(closed);
      await expect(store.writeRollUps([])).rejects.toMatchObject(closed);
      await expect(store.rollUps({ limit: 1 })).rejects.toMatchObject(closed);
      await expect(store.writeTallies([])).rejects.toMatchObject(closed);
      await expect(store.tallies({ kinds: ['hop'] })).rejects.toMatchObject(closed);
      await expect(store.document('a')).rejects.toMatchObject(closed);
      await expect(store.putDocument('a', '')).rejects.toMatchObject(closed);
      await expect(store.clearRollUps()).rejects.toMatchObject(closed);
    });

    it('finishes the writes that are under way when it is closed', async () => {
      const store = bench.store();
      const writes = [1, 2, 3].map((n) =>
        store.write({ spans: [spanBatch([{ traceId: traceId(n), spanId: spanId(n) }])], records: [] }),
      );
      await bench.restart();
      await Promise.all(writes);
      const { spans } = await bench.store().find({ traceIds: [1, 2, 3].map(traceId), limit: 10 });
      expect(spans.rows).toBe(3);
    });
  });
}
