import { startReceiver } from '@upshot/receiver';
import { StorageError } from '@upshot/storage';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from '../../src/ingest/GroupCommit.js';
import { FaultyStore } from './FaultyStore.js';

const SENDERS = 40;
const ROUNDS = 12;

describe('receiver and group commit over a store that fails and stalls', () => {
  it('lose nothing that was acknowledged, hold memory in bounds, and recover without a hand', async () => {
    let isDown = false;
    const stalls = (write: number) =>
      write % 7 === 0 ? new Promise((resolve) => setTimeout(resolve, 60)) : null;
    const store = new FaultyStore((write) =>
      isDown ? new StorageError('unavailable', 'down') : stalls(write),
    );
    const ingest = new GroupCommit({ store, pace: { intervalMs: 5 }, retryForMs: 150, failingAfterMs: 100 });
    const inFlightBytes = 6000;
    const receiver = await startReceiver({
      host: '127.0.0.1',
      httpPort: 0,
      grpcPort: 0,
      ingest,
      clock: () => BigInt(Date.now()) * 1_000_000n,
      retentionNano: null,
      limits: { inFlightBytes },
    });
    const acknowledged: string[] = [];
    const statuses = new Map<number, number>();
    const outage = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      isDown = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
      isDown = false;
    })();
    const send = async (eventId: string): Promise<void> => {
      for (;;) {
        const response = await fetch(`${receiver.httpUrl}/v1/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ eventId, eventName: 'tested', filler: 'x'.repeat(300) }),
        });
        expect(receiver.bytesInFlight).toBeLessThanOrEqual(inFlightBytes);
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        await response.arrayBuffer();
        if (response.ok) {
          acknowledged.push(eventId);
          return;
        }
        expect(response.headers.get('retry-after')).toBe('1');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await Promise.all(
      Array.from({ length: SENDERS }, async (_, sender) => {
        for (let round = 0; round < ROUNDS; round++) await send(`evt_${sender}_${round}`);
      }),
    );
    await outage;
    await receiver.close();
    await ingest.drain();
    expect(acknowledged).toHaveLength(SENDERS * ROUNDS);
    expect([...statuses.keys()].sort()).toEqual([200, 429, 503]);
    const { records } = await store.find({ eventIds: acknowledged, limit: 10_000 });
    expect(new Set(records.map(({ record }) => record.eventId))).toEqual(new Set(acknowledged));
    expect(receiver.bytesInFlight).toBe(0);
  });
});
