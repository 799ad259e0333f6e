import type { Lookup, TallySum } from '@upshot/model';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endedText, noterName } from '../../src/roll-up/Noters.js';
import { BASE_MS, order, type SpanSketch } from '../fixtures/telemetry.js';
import { Server, write } from './fixtures/Server.js';

/**
 * Servers that note in one store come, end, and are killed, the store fails them, each want of theirs at any time between those of the others. In the end all is counted that one server alone
 * counts, whoever is left.
 *
 *     A   starts ── tick ┄┄┄┄┄ tick ── killed
 *     B            starts ┄┄ tick ┄┄┄┄┄┄┄ tick ── ends
 */
const KINDS = ['hop', 'publish', 'finding'];
const ORDERS = 6;
const PARTS = 4;
const SERVERS = 3;

const moves = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const) }) },
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('go' as const),
        server: fc.nat(SERVERS - 1),
        wants: fc.integer({ min: 1, max: 25 }),
        ms: fc.constantFrom(0, 1, 50, 400, 1_500),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('kill' as const, 'end' as const),
        server: fc.nat(SERVERS - 1),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('fail' as const),
        server: fc.nat(SERVERS - 1),
        happens: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(3_000, 15_000) }),
    },
  ),
  { minLength: 10, maxLength: 120 },
);

/** Parts of each order come in different writes: roots late, consumers first. Some minutes have one order, some several. */
function parts(): SpanSketch[][] {
  const orders = Array.from({ length: ORDERS }, (_, n) =>
    order(n + 1, n * 25_000, n % 3 === 0 ? 'HTTP 503' : undefined),
  );
  return Array.from({ length: PARTS }, (_, part) =>
    orders.flatMap((spans, n) => spans.filter((_span, at) => (at + n) % PARTS === part)),
  );
}

const textOf = (sums: readonly TallySum[]) =>
  sums.map(({ tally }) => JSON.stringify([tally.kind, tally.series, [...tally.counts]])).sort();

async function noted(store: Store): Promise<{ tallies: string[]; notes: string[] }> {
  const notes = await store.rollUps({ limit: 1_000 });
  return {
    tallies: textOf(await store.tallies({ kinds: KINDS })),
    notes: notes.map(({ key, status, id }) => `${key} ${status} ${id}`).sort(),
  };
}

const countedAlone = (async () => {
  const store = openMemoryStore();
  const server = new Server(store, null, () => 0);
  for (const part of parts()) await write(store, part);
  do await server.finish();
  while (!server.isDone);
  return noted(store);
})();

async function end(store: Store, id: string): Promise<void> {
  await store.putDocument(noterName(id), endedText(await store.document(noterName(id))));
}

describe('servers that note in one store, come and go', () => {
  it('count what one alone counts', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async (all) => {
        const store = openMemoryStore();
        let nowMs = 0;
        // Whatever a server does takes time.
        const clock = () => nowMs++;
        let started = 0;
        // Their clocks are up to three seconds apart.
        const start = () => {
          const aheadMs = 0;
          return new Server(store, `server-${started++}`, clock, () => 3_600_000 + clock() + aheadMs);
        };
        const servers: (Server | null)[] = Array.from({ length: SERVERS }, () => null);
        const waiting = parts();
        for (const move of all) {
          if (move.kind === 'write') {
            const part = waiting.shift();
            if (part !== undefined) await write(store, part);
          } else if (move.kind === 'wait') nowMs += move.ms;
          else if (move.kind === 'go') {
            nowMs += move.ms;
            servers[move.server] ??= start();
            await servers[move.server]!.go(move.wants);
          } else {
            const server = servers[move.server];
            if (!server) continue;
            if (move.kind === 'fail') {
              await server.fail(move.happens);
              continue;
            }
            servers[move.server] = null;
            if (move.kind === 'kill') continue;
            await server.finish();
            await end(store, server.id!);
          }
        }
        for (const part of waiting) await write(store, part);
        servers[0] ??= start();
        const left = servers.filter((server) => server !== null);
        // Until all have heard of all, and of those that are gone.
        for (let round = 0; round < 4; round++) {
          for (const server of left) {
            do await server.finish();
            while (!server.isDone);
          }
          nowMs += 4_000;
        }
        expect(await noted(store)).toEqual(await countedAlone);
      }),
      { numRuns: 1500 },
    );
  }, 900_000);

  describe('know which IDs were ever met', () => {
    const now = () => Date.now() - BASE_MS;
    const orders = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => order(from + n, now())).flat();
    const notGone = async (store: Store, prefix: string) =>
      (await store.documents(prefix)).filter(({ text }) => text !== '').map(({ name }) => name);

    /** How often the store is asked who else has an ID of new orders. */
    async function asksFor(server: Server, store: Store, asked: Lookup[], from: number): Promise<number> {
      await write(store, orders(from, 20));
      asked.length = 0;
      await server.finish();
      return asked.length;
    }

    function watchedStore(): { store: Store; asked: Lookup[] } {
      const store = openMemoryStore();
      const asked: Lookup[] = [];
      const watched = new Proxy(store, {
        get(target, name) {
          if (name !== 'find') return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
          return (lookup: Lookup) => {
            asked.push(lookup);
            return target.find(lookup);
          };
        },
      });
      return { store: watched, asked };
    }

    it('one alone', async () => {
      const { store, asked } = watchedStore();
      const server = new Server(store, 'one', () => 0, now);
      await server.finish();
      expect(await asksFor(server, store, asked, 1)).toBe(0);
      expect(await asksFor(server, store, asked, 100)).toBe(0);
    });

    it('one after the other, whether it ended or was killed', async () => {
      for (const ends of [true, false]) {
        const { store, asked } = watchedStore();
        const first = new Server(store, 'first', () => 0, now);
        await write(store, orders(1, 20));
        await first.finish();
        if (ends) await end(store, 'first');
        const second = new Server(store, 'second', () => 0, now);
        await second.finish();
        expect(await asksFor(second, store, asked, 100)).toBe(0);
        expect(await notGone(store, 'roll-up-met/')).toHaveLength(ends ? 1 : 2);
        expect(await notGone(store, 'roll-up-seen/')).toEqual(['roll-up-seen/second']);
        // What was met before is asked for: it may belong to it.
        await write(
          store,
          orders(1, 1).map((span) => ({ ...span, trace: span.trace + 5_000 })),
        );
        asked.length = 0;
        await second.finish();
        expect(asked.length).toBeGreaterThan(0);
      }
    });

    it('also of what others noted since one of them said so last', async () => {
      const { store, asked } = watchedStore();
      let nowMs = 0;
      const begin = (id: string) => new Server(store, id, () => nowMs, now);
      await write(store, orders(1, 20));
      await begin('first').finish();
      await write(store, orders(100, 20));
      await begin('other').finish();
      // As if the other one had said nothing, as one of an older version does.
      await store.putDocument('roll-up-met/other', '');
      const last = begin('last');
      await last.finish();
      // Both are gone.
      nowMs += 15_000;
      await last.finish();
      expect(await asksFor(last, store, asked, 200)).toBe(0);
      for (const number of [1, 100]) {
        await write(
          store,
          orders(number, 1).map((span) => ({ ...span, trace: span.trace + 5_000 })),
        );
        asked.length = 0;
        await last.finish();
        expect(asked.length).toBeGreaterThan(0);
      }
    });
  });
});
