import type { EntryPoint } from '@upshot/model';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, SOME_TIME, spanBatch } from '../spanBatch.js';
import { storedRecord } from '../storedRecord.js';

const SECOND = 1_000_000_000n;

function span(n: number, seconds: number, entry = true): KitSpan {
  return { traceId: traceId(n), spanId: spanId(n), start: SOME_TIME + BigInt(seconds) * SECOND, entry };
}

function entry(n: number, seconds: number): EntryPoint {
  return {
    timeUnixNano: SOME_TIME + BigInt(seconds) * SECOND,
    traceId: traceId(n),
    spanId: spanId(n),
    eventId: '',
  };
}

export function entriesCases(bench: Bench): void {
  describe('entries', () => {
    /** Spans over 100 minutes, two a minute, of which the odd ones are no entries; two records between. */
    const spans = Array.from({ length: 200 }, (_, n) => span(n, n * 30, n % 2 === 0));
    const records = [
      storedRecord({ eventId: 'evt_1', traceId: 'tr_1', spanId: 'span_1', time: SOME_TIME + 5970n * SECOND }),
      storedRecord({ eventId: 'evt_2', time: SOME_TIME + 61n * SECOND }),
    ];
    const expected: EntryPoint[] = [
      { timeUnixNano: SOME_TIME + 5970n * SECOND, traceId: 'tr_1', spanId: 'span_1', eventId: 'evt_1' },
      ...Array.from({ length: 100 }, (_, i) => entry(198 - 2 * i, (198 - 2 * i) * 30)),
    ];
    expected.splice(-2, 0, {
      timeUnixNano: SOME_TIME + 61n * SECOND,
      traceId: '',
      spanId: '',
      eventId: 'evt_2',
    });

    beforeEach(async () => {
      const shuffled = [...spans].sort(
        (a, b) =>
          (Number.parseInt(a.spanId.slice(-2), 16) % 7) - (Number.parseInt(b.spanId.slice(-2), 16) % 7),
      );
      for (let at = 0; at < shuffled.length; at += 67)
        await bench
          .store()
          .write({ spans: [spanBatch(shuffled.slice(at, at + 67))], records: at === 0 ? records : [] });
    });

    it('come newest first', async () => {
      expect(await bench.store().entries({ limit: 5 })).toEqual(expected.slice(0, 5));
    });

    it('come whole where the limit is beyond them', async () => {
      expect(await bench.store().entries({ limit: 1000 })).toEqual(expected);
    });

    it('are bounded by `before`, exclusive, and `since`, inclusive', async () => {
      const before = SOME_TIME + 600n * SECOND;
      const since = SOME_TIME + 120n * SECOND;
      const found = await bench.store().entries({ before, since, limit: 1000 });
      expect(found).toEqual(expected.filter(({ timeUnixNano: time }) => time < before && time >= since));
      expect(found.length).toBe(8);
    });

    it('page without gap or repetition', async () => {
      const pages: EntryPoint[] = [];
      for (let before: bigint | undefined; ; ) {
        const page = await bench.store().entries({ before, limit: 7 });
        pages.push(...page);
        if (page.length < 7) break;
        before = page[page.length - 1]!.timeUnixNano;
      }
      expect(pages).toEqual(expected);
    });

    it('are none beyond the bounds', async () => {
      const { store } = bench;
      expect(await store().entries({ before: SOME_TIME, limit: 10 })).toEqual([]);
      expect(await store().entries({ since: SOME_TIME + 6001n * SECOND, limit: 10 })).toEqual([]);
      expect(await store().entries({ before: 0n, limit: 10 })).toEqual([]);
      expect(await store().entries({ since: 2n ** 64n, limit: 10 })).toEqual([]);
    });

    it('take bounds beyond all times', async () => {
      expect(await bench.store().entries({ before: 2n ** 64n, since: 0n, limit: 3 })).toEqual(
        expected.slice(0, 3),
      );
    });
  });

  it('orders entries of one moment by trace, span and event', async () => {
    const same = { start: SOME_TIME, entry: true };
    await bench.store().write({
      spans: [
        spanBatch([
          { traceId: traceId(2), spanId: spanId(1), ...same },
          { traceId: traceId(1), spanId: spanId(9), ...same },
          { traceId: traceId(1), spanId: spanId(2), ...same },
        ]),
      ],
      records: ['b', 'a'].map((eventId) =>
        storedRecord({ eventId, traceId: traceId(1), spanId: spanId(2), time: SOME_TIME }),
      ),
    });
    const found = await bench.store().entries({ limit: 10 });
    expect(found.map(({ traceId: trace, spanId: id, eventId }) => [trace, id, eventId])).toEqual([
      [traceId(1), spanId(2), ''],
      [traceId(1), spanId(2), 'a'],
      [traceId(1), spanId(2), 'b'],
      [traceId(1), spanId(9), ''],
      [traceId(2), spanId(1), ''],
    ]);
  });

  it('leaves out what continues a trace that begins here, and keeps what continues one that does not', async () => {
    const at = (n: number, trace: number, mark: true | 2) => ({
      traceId: traceId(trace),
      spanId: spanId(n),
      start: SOME_TIME + BigInt(n) * SECOND,
      entry: mark,
    });
    await bench.store().write({
      spans: [
        spanBatch([at(1, 1, true), at(2, 1, 2), at(5, 2, 2)]),
        spanBatch([at(3, 2, 2), at(4, 1, 2), at(6, 3, true)]),
      ],
      records: [],
    });
    const found = async (limit: number) =>
      (await bench.store().entries({ limit })).map((entry) => Number.parseInt(entry.spanId, 16));
    const numbers = (...of: number[]) => of.map((n) => Number.parseInt(spanId(n), 16));
    expect(await found(10)).toEqual(numbers(6, 5, 3, 1));
    expect(await found(2)).toEqual(numbers(6, 5));
    expect(await found(1)).toEqual(numbers(6));
  });

  it('lists entries of wild times in their order', async () => {
    const starts = [0n, 1n, SOME_TIME, 2n ** 63n, 2n ** 64n - 1n];
    await bench.store().write({
      spans: [
        spanBatch(starts.map((start, n) => ({ traceId: traceId(n), spanId: spanId(n), start, entry: true }))),
      ],
      records: [
        storedRecord({ eventId: 'last', time: 2n ** 64n - 1n }),
        storedRecord({ eventId: 'first', time: 0n }),
      ],
    });
    const found = await bench.store().entries({ limit: 100 });
    expect(found.map(({ timeUnixNano }) => timeUnixNano)).toEqual([
      2n ** 64n - 1n,
      ...[...starts].reverse(),
      0n,
    ]);
    const below = await bench.store().entries({ limit: 100, before: 2n ** 64n - 1n });
    expect(below.map(({ timeUnixNano }) => timeUnixNano)).toEqual([...starts].reverse().slice(1).concat(0n));
  });
}
