import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { order, type SpanSketch } from '../fixtures/telemetry.js';
import { Server, write } from './fixtures/Server.js';

/**
 * Workflows of which the beginning comes last, or never: what is noted of them meanwhile must not stay beside what they turn out to be.
 *
 *     publishes ── noted ── published before that ── noted ── request ── noted
 */
const [request, publishes] = order(1, 600_000) as [SpanSketch, SpanSketch];

/** The same trace published something else before, whose parent has not arrived either. */
function before(ms: number): SpanSketch {
  return { ...publishes, span: publishes.span + 5, startMs: publishes.startMs - ms };
}

async function noted(store: Store): Promise<string[]> {
  const notes = await store.rollUps({ limit: 100 });
  const sums = await store.tallies({ kinds: ['hop', 'publish', 'finding'] });
  return [
    ...notes.map(({ key, timeUnixNano, status }) => `${key} ${timeUnixNano} ${status}`),
    ...sums.map(({ tally }) => JSON.stringify([tally.kind, tally.series, [...tally.counts]])).sort(),
  ];
}

/** What is noted in the end where each part is noted before the next one comes. `restarts`: by another process each time. */
async function notedAfter(parts: readonly SpanSketch[][], restarts: boolean): Promise<string[]> {
  const store = openMemoryStore();
  const start = () => new Server(store, null, () => 0);
  let server = start();
  for (const part of parts) {
    await write(store, part);
    await server.finish();
    if (restarts) server = start();
  }
  return noted(store);
}

describe.each([
  ['in the same minute', 20],
  ['in another minute', 90_000],
])('a workflow of which something earlier arrives %s', (_when, ms) => {
  it.each([
    ['one process', false],
    ['one process after the other', true],
  ])('is noted once, by %s', async (_by, restarts) => {
    for (const parts of [
      [[publishes], [before(ms)]],
      [[publishes], [before(ms)], [request]],
      [[publishes], [request], [before(ms)]],
      [[before(ms)], [publishes], [request]],
    ]) {
      const whole = await notedAfter([parts.flat()], false);
      expect(whole.filter((line) => line.startsWith('order_1 '))).toHaveLength(1);
      expect(await notedAfter(parts, restarts)).toEqual(whole);
    }
  });
});
