import type { Arrival } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { SOME_TIME, spanBatch } from '../spanBatch.js';
import { storedRecord } from '../storedRecord.js';

/** Spans of these traces, `rows` of each. */
function traces(numbers: readonly number[], rows = 1) {
  const spans = numbers.flatMap((n) =>
    Array.from({ length: rows }, (_, row) => ({ traceId: traceId(n), spanId: spanId(n * 100 + row) })),
  );
  return { spans: [spanBatch(spans)], records: [] };
}

function arrival(n: number): Arrival {
  return { traceId: traceId(n), eventId: '' };
}

const textOf = (one: Arrival) => `${one.traceId} ${one.eventId}`;
const numbersTo = (end: number) => Array.from({ length: end }, (_, n) => n);

export function arrivalsCases(bench: Bench): void {
  /** Pages from a mark up to where no more is waiting. */
  const follow = async (after: bigint | null, limit: number) => {
    const pages: (readonly Arrival[])[] = [];
    let rows = 0;
    for (let mark = after; ; ) {
      const page = await bench.store().arrivals(mark, limit);
      pages.push(page.arrivals);
      rows += page.rows;
      if (mark !== null) expect(page.reached).toBeGreaterThanOrEqual(mark);
      if (page.more) expect(page.reached).not.toBe(mark);
      mark = page.reached;
      if (!page.more) return { pages, all: pages.flat(), rows, reached: mark };
    }
  };

  describe('arrivals', () => {
    it('of an empty store are none, and its mark holds for what comes', async () => {
      const none = await bench.store().arrivals(null, 10);
      expect(none).toMatchObject({ arrivals: [], rows: 0, more: false });
      expect(await bench.store().arrivals(none.reached, 10)).toEqual(none);
      await bench.store().write(traces([1]));
      expect((await follow(none.reached, 10)).all).toEqual([arrival(1)]);
    });

    it('come in the order of writing, whatever times rows claim, each trace once with its rows counted', async () => {
      const starts = [SOME_TIME, 2n ** 64n - 1n, 0n, SOME_TIME - 1n];
      for (const [n, start] of starts.entries())
        await bench.store().write({
          spans: [
            spanBatch([
              { traceId: traceId(n), spanId: spanId(1), start },
              { traceId: traceId(n), spanId: spanId(2), start },
            ]),
          ],
          records: [],
        });
      const page = await bench.store().arrivals(null, 100);
      expect(page).toMatchObject({ arrivals: numbersTo(4).map(arrival), rows: 8, more: false });
    });

    it('name records by their event, and by their trace where they have one', async () => {
      await bench.store().write({
        spans: [],
        records: [
          storedRecord({ eventId: 'e1' }),
          storedRecord({ eventId: 'e2', traceId: 'tr_501' }),
          storedRecord({ eventId: 'e3', traceId: traceId(3), spanId: spanId(3) }),
        ],
      });
      const { arrivals, rows } = await bench.store().arrivals(null, 10);
      expect([...arrivals].sort((a, b) => (a.eventId < b.eventId ? -1 : 1))).toEqual([
        { traceId: '', eventId: 'e1' },
        { traceId: 'tr_501', eventId: 'e2' },
        { traceId: traceId(3), eventId: 'e3' },
      ]);
      expect(rows).toBe(3);
    });

    it('come in pages that leave out nothing and end', async () => {
      for (const n of numbersTo(30)) {
        const { spans } = traces([n * 2, n * 2 + 1], 3);
        await bench
          .store()
          .write({ spans, records: n % 5 === 0 ? [storedRecord({ eventId: `e${n}` })] : [] });
      }
      const expected = [
        ...numbersTo(60).map(arrival),
        ...[0, 5, 10, 15, 20, 25].map((n) => ({ traceId: '', eventId: `e${n}` })),
      ].map(textOf);
      for (const limit of [1, 2, 7, 1000]) {
        const { all, pages, rows } = await follow(null, limit);
        expect(all.map(textOf).sort()).toEqual(expected.toSorted());
        expect(rows).toBe(186);
        // A write brings three at most: no page is longer than its limit and one write.
        for (const page of pages) expect(page.length).toBeLessThan(limit + 3);
      }
    });

    it('say whether more is waiting', async () => {
      await bench.store().write(traces([1]));
      await bench.store().write(traces([2]));
      const first = await bench.store().arrivals(null, 1);
      expect(first).toMatchObject({ arrivals: [arrival(1)], more: true });
      const second = await bench.store().arrivals(first.reached, 1);
      expect(second).toMatchObject({ arrivals: [arrival(2)], more: false });
      expect(await bench.store().arrivals(second.reached, 1)).toMatchObject({ arrivals: [], more: false });
      expect(await bench.store().arrivals(null, 2)).toMatchObject({ more: false });
    });

    it('never part what was written together', async () => {
      await bench.store().write(traces(numbersTo(50)));
      await bench.store().write(traces([50]));
      const { arrivals, reached, more } = await bench.store().arrivals(null, 3);
      expect(arrivals.map(textOf).sort()).toEqual(numbersTo(50).map(arrival).map(textOf).sort());
      expect(more).toBe(true);
      expect((await follow(reached, 3)).all).toEqual([arrival(50)]);
    });

    it('tell of a trace again that got more rows', async () => {
      await bench.store().write(traces([1, 2]));
      const { reached } = await bench.store().arrivals(null, 10);
      await bench.store().write(traces([1]));
      expect(await bench.store().arrivals(reached, 10)).toMatchObject({ arrivals: [arrival(1)], rows: 1 });
    });

    it('are told with the rows behind each page, no more and no fewer', async () => {
      await bench.store().write(traces([1, 2], 2));
      const first = await bench.store().arrivals(null, 10);
      await bench.store().write({ spans: traces([1], 1).spans, records: [storedRecord({ eventId: 'e1' })] });
      await bench.restart();
      const second = await bench.store().arrivals(first.reached, 10);
      const spansOf = async (after: bigint | null, until: bigint) => {
        const { spans, records, more, unavailable } = await bench.store().arrived(after, until);
        expect({ more, unavailable }).toEqual({ more: false, unavailable: [] });
        return { spans: spans.rows, records: records.map(({ record }) => record.eventId) };
      };
      expect(await spansOf(null, first.reached)).toEqual({ spans: 4, records: [] });
      expect(await spansOf(first.reached, second.reached)).toEqual({ spans: 1, records: ['e1'] });
      expect(await spansOf(null, second.reached)).toEqual({ spans: 5, records: ['e1'] });
      expect(await spansOf(second.reached, second.reached)).toEqual({ spans: 0, records: [] });
    });

    it('are told of one trace in so many, by its first byte', async () => {
      const first = (byte: number) => byte.toString(16).padStart(2, '0') + '1'.repeat(30);
      const spans = [0, 1, 63, 64, 65, 128, 255].map((byte) => ({
        traceId: first(byte),
        spanId: spanId(byte + 1),
      }));
      await bench.store().write({ spans: [spanBatch(spans)], records: [storedRecord({ eventId: 'e1' })] });
      const { reached } = await bench.store().arrivals(null, 10);
      const rows = async (oneIn?: number) => {
        const found = await bench.store().arrived(null, reached, oneIn);
        return [found.spans.rows, found.records.length];
      };
      expect(await rows()).toEqual([7, 1]);
      expect(await rows(1)).toEqual([7, 1]);
      expect(await rows(64)).toEqual([3, 1]);
      expect(await rows(256)).toEqual([1, 1]);
    });

    it('go on from their marks after a restart', async () => {
      await bench.store().write(traces([1]));
      const { reached } = await bench.store().arrivals(null, 10);
      await bench.restart();
      expect(await bench.store().arrivals(reached, 10)).toMatchObject({ arrivals: [], more: false });
      await bench.store().write(traces([2]));
      await bench.restart();
      expect((await follow(reached, 10)).all).toEqual([arrival(2)]);
      expect((await follow(null, 1)).all).toEqual([arrival(1), arrival(2)]);
    });

    it('leave out nothing while writes and reads go on at the same time', async () => {
      const total = 120;
      const resolved = new Set<number>();
      const seen = new Set<string>();
      let mark: bigint | null = null;
      let writing = true;
      const writers = Promise.all(
        [0, 1, 2, 3].map(async (writer) => {
          for (let n = writer; n < total; n += 4) {
            const { spans } = traces([n]);
            await bench.store().write({ spans, records: [storedRecord({ eventId: `e${n}` })] });
            resolved.add(n);
          }
        }),
      ).finally(() => {
        writing = false;
      });
      const pageOn = async () => {
        const page = await bench.store().arrivals(mark, 5);
        for (const one of page.arrivals) seen.add(textOf(one));
        mark = page.reached;
        return page;
      };
      while (writing) {
        const before = [...resolved];
        let page = await pageOn();
        while (page.more) page = await pageOn();
        for (const n of before) {
          expect(seen).toContain(textOf(arrival(n)));
          expect(seen).toContain(textOf({ traceId: '', eventId: `e${n}` }));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writers;
      while ((await pageOn()).more);
      expect(seen.size).toBe(total * 2);
    }, 60_000);

    it('of nothing are none', async () => {
      await bench.store().write({ spans: [spanBatch([])], records: [] });
      expect((await follow(null, 10)).all).toEqual([]);
    });
  });
}
