import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { order, type SpanSketch } from '../fixtures/telemetry.js';
import { Server, write } from './fixtures/Server.js';

/**
 * A store that fails now and then, and a process that is killed and started again: whatever a tick had begun, in the end all is noted as if nothing had happened.
 *
 *     tick ── fails ── tick ── killed ── tick ── fails (its notes written, or not) ── tick
 */
const PARTS = 4;

const orders = Array.from({ length: 6 }, (_, n) => order(n + 1, n * 25_000));
const parts = Array.from({ length: PARTS }, (_, part): SpanSketch[] =>
  orders.flatMap((spans, n) => spans.filter((_span, at) => (at + n) % PARTS === part)),
);

const moves = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant({ kind: 'write' as const }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('go' as const), wants: fc.integer({ min: 1, max: 20 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), happens: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  ),
  { minLength: 10, maxLength: 60 },
);

async function noted(store: Store): Promise<string[]> {
  const notes = await store.rollUps({ limit: 100 });
  const sums = await store.tallies({ kinds: ['hop', 'publish', 'finding'] });
  return [
    ...notes.map(({ key, status, id }) => `${key} ${status} ${id}`).sort(),
    ...sums.map(({ tally }) => JSON.stringify([tally.kind, tally.series, [...tally.counts]])).sort(),
  ];
}

async function finish(server: Server): Promise<void> {
  do await server.finish();
  while (!server.isDone);
}

describe.each([
  ['one that has its store alone', null],
  ['one of several', 'server'],
])('a background whose store fails, %s', (_which, id) => {
  it('notes all as if it had not', async () => {
    const untroubled = openMemoryStore();
    for (const part of parts) await write(untroubled, part);
    await finish(new Server(untroubled, null, () => 0));
    const whole = await noted(untroubled);
    await fc.assert(
      fc.asyncProperty(moves, async (all) => {
        const store = openMemoryStore();
        let nowMs = 0;
        let started = 0;
        const start = () => new Server(store, id && `${id}-${started++}`, () => nowMs++);
        let server = start();
        const waiting = [...parts];
        for (const move of all) {
          if (move.kind === 'write') {
            const part = waiting.shift();
            if (part !== undefined) await write(store, part);
          } else if (move.kind === 'go') await server.go(move.wants);
          else if (move.kind === 'fail') await server.fail(move.happens);
          else server = start();
        }
        for (const part of waiting) await write(store, part);
        for (let round = 0; round < 4; round++) {
          await finish(server);
          nowMs += 4_000;
        }
        expect(await noted(store)).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
