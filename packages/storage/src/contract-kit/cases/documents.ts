import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { rollUp } from '../rollUp.js';
import { spanBatch } from '../spanBatch.js';

export function documentsCases(bench: Bench): void {
  describe('documents', () => {
    it('are kept under their names', async () => {
      const text = `{"é": "'\\\u0000\n😀"}`;
      expect(await bench.store().document('mutes')).toBeNull();
      await bench.store().putDocument('mutes', text);
      await bench.store().putDocument("it's", '');
      await bench.restart();
      expect(await bench.store().document('mutes')).toBe(text);
      expect(await bench.store().document("it's")).toBe('');
      expect(await bench.store().document('mute')).toBeNull();
      expect(await bench.store().document('')).toBeNull();
    });

    it('are listed by how their names begin', async () => {
      const listed = async (prefix: string) =>
        (await bench.store().documents(prefix)).map(({ name, text }) => `${name}: ${text}`).sort();
      for (const name of ['of/1', 'of/2', 'of', 'other/1', 'OF/1', 'o%/1'])
        await bench.store().putDocument(name, 'first');
      await bench.store().putDocument('of/2', '');
      expect(await listed('of/')).toEqual(['of/1: first', 'of/2: ']);
      await bench.restart();
      expect(await listed('of/')).toEqual(['of/1: first', 'of/2: ']);
      expect(await listed('o%')).toEqual(['o%/1: first']);
      expect(await listed('none')).toEqual([]);
    });

    it('are replaced: the write that began last wins', async () => {
      await bench.store().putDocument('a', '1');
      await bench.store().putDocument('a', '2');
      expect(await bench.store().document('a')).toBe('2');
      await Promise.all(['3', '4', '5'].map((text) => bench.store().putDocument('a', text)));
      expect(await bench.store().document('a')).toBe('5');
      await bench.restart();
      await bench.store().putDocument('a', '6');
      expect(await bench.store().document('a')).toBe('6');
    });
  });

  it('throws away notes and tallies when told so, and keeps all else', async () => {
    const cell = (version: bigint) => ({
      minute: 5,
      version,
      tallies: [
        {
          kind: 'hop',
          series: '[]',
          firstUnixNano: 0n,
          lastUnixNano: 1n,
          examples: [],
          counts: new Map([[1, Number(version)]]),
        },
      ],
    });
    await bench.store().clearRollUps();
    await bench
      .store()
      .write({ spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1) }])], records: [] });
    await bench.store().writeRollUps([rollUp({ n: 1, version: 9n })]);
    await bench.store().writeTallies([cell(9n)]);
    await bench.store().putDocument('kept', 'text');
    await bench.store().clearRollUps();
    await bench.restart();
    expect(await bench.store().rollUps({ gone: true, limit: 10 })).toEqual([]);
    expect(await bench.store().tallies({ kinds: ['hop'] })).toEqual([]);
    expect(await bench.store().document('kept')).toBe('text');
    expect((await bench.store().statistics()).spans).toBe(1);
    expect((await bench.store().arrivals(null, 10)).arrivals.length).toBe(1);
    // Versions before do not count any more.
    await bench.store().writeRollUps([rollUp({ n: 1, version: 2n })]);
    await bench.store().writeTallies([cell(2n)]);
    expect((await bench.store().rollUps({ limit: 10 })).map(({ version }) => version)).toEqual([2n]);
    expect((await bench.store().tallies({ kinds: ['hop'] }))[0]!.tally.counts.get(1)).toBe(2);
  });
}
