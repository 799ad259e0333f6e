import { type Asking, askEvent, askLearned, askWorkflow, NotWhole } from '@upshot/causality';
import type { Store } from '@upshot/storage';
import { describe, expect, it } from 'vitest';
import { holding } from './support/ask.js';
import { NOW, type SentSpan } from './support/fleet.js';

const hex = (n: number, length: number) => n.toString(16).padStart(length, '0');
const TRACE = hex(7, 32);
const options = { nowUnixNano: NOW };

/** One trace of so many spans, each below another one of them; a later number starts later. */
function trace(size: number, parentOf: (n: number) => number): SentSpan[] {
  return Array.from({ length: size }, (_, n) => {
    const start = NOW - 60_000_000_000n + BigInt(n) * 1000n;
    return {
      service: 'shop',
      span: {
        traceId: TRACE,
        spanId: hex(n + 1, 16),
        ...(n === 0 ? {} : { parentSpanId: hex(parentOf(n) + 1, 16) }),
        name: `step-${n}`,
        kind: 1,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 500n),
      },
    };
  });
}

/** A chain of traces, each of which consumes what the one before published. */
function hops(count: number): SentSpan[] {
  return Array.from({ length: count * 2 }, (_, n) => {
    const hop = n >> 1;
    const isPublish = n % 2 === 1;
    const start = NOW - 60_000_000_000n + BigInt(n) * 1000n;
    return {
      service: `service-${hop}`,
      span: {
        traceId: hex(hop + 1, 32),
        spanId: hex(n + 1, 16),
        ...(isPublish ? { parentSpanId: hex(n, 16) } : {}),
        name: isPublish ? 'orders publish' : 'orders process',
        kind: isPublish ? 4 : 5,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 500n),
        ...(isPublish || hop === 0 ? {} : { links: [{ traceId: hex(hop, 32), spanId: hex(n, 16) }] }),
      },
    };
  });
}

interface Driven<Answer> {
  readonly answer: Answer;
  readonly lookups: number;
}

/** Drives a question over a store whose look-ups bring no more than `most` rows: what is large for it is small here. */
async function drive<Answer>(
  store: Store,
  asking: Asking<Answer>,
  { most = Number.POSITIVE_INFINITY, lateAfter = Number.POSITIVE_INFINITY } = {},
): Promise<Driven<Answer>> {
  let lookups = 0;
  for (let at = asking.next(); ; ) {
    if (at.done) return { answer: at.value, lookups };
    const found = await store.find({ ...at.value, limit: Math.min(at.value.limit, most) });
    at = asking.next({ ...found, late: ++lookups > lateAfter });
  }
}

describe('what is too large to be read whole', () => {
  it.each([
    ['a tree', (n: number) => (n - 1) >> 3],
    ['one level', () => 0],
  ])('is shown by its newest part and what that came from: %s', async (_, parentOf) => {
    const store = await holding(trace(3_000, parentOf));
    const { answer, lookups } = await drive(store, askWorkflow(TRACE, options), { most: 200 });
    const { steps, truncated, findings } = answer!;
    expect(truncated).toMatchObject({ reason: 'row-limit', shown: steps.length });
    expect(findings.map(({ kind }) => kind)).toEqual(['truncated']);
    const names = new Set(steps.map(({ step }) => step));
    expect(names).toContain('step-2999');
    expect(names).toContain('step-0');
    expect(steps.filter(({ parent }) => parent === null).map(({ step }) => step)).toEqual(['step-0']);
    expect(steps.length).toBeLessThan(700);
    expect(lookups).toBeLessThan(20);
  });

  it('is shown by its end where it is one long line', async () => {
    const store = await holding(trace(3_000, (n) => n - 1));
    const { answer, lookups } = await drive(store, askWorkflow(TRACE, options), { most: 200 });
    expect(answer!.truncated).toMatchObject({ reason: 'row-limit' });
    expect(answer!.steps.length).toBeGreaterThanOrEqual(200);
    expect(lookups).toBeLessThan(100);
  });

  it('hides none of what stands beside it', async () => {
    const store = await holding(
      trace(3_000, (n) => (n - 1) >> 3),
      hops(3),
    );
    const arrivals = [TRACE, hex(1, 32), hex(2, 32)].map((traceId) => ({ traceId, eventId: '' }));
    const together = await drive(store, askLearned(arrivals, options), { most: 200 });
    expect(together.answer).toMatchObject({ cut: true, cutBy: TRACE, workflows: [] });
    const alone = await drive(store, askLearned(arrivals.slice(0, 1), options), { most: 200 });
    expect(alone.answer.workflows.map(({ graph }) => graph.truncated?.reason)).toEqual(['row-limit']);
    const others = await drive(store, askLearned(arrivals.slice(1), options), { most: 200 });
    expect(others.answer.workflows.map(({ graph }) => graph.truncated)).toEqual([null]);
  });

  it('is no answer where that could not say that it is a part', async () => {
    const store = await holding(trace(3_000, () => 0));
    await expect(drive(store, askEvent(TRACE, options), { most: 200 })).rejects.toThrow(NotWhole);
  });
});

describe('a question whose time is nearly over', () => {
  it('answers with what it has, and says so', async () => {
    const store = await holding(hops(12));
    const whole = await drive(store, askWorkflow(hex(1, 32), options));
    expect(whole.answer).toMatchObject({ truncated: null });
    expect(whole.answer!.attempts).toHaveLength(12);
    const { answer, lookups } = await drive(store, askWorkflow(hex(1, 32), options), { lateAfter: 5 });
    expect(answer!.truncated).toMatchObject({ reason: 'time-limit' });
    expect(answer!.attempts.length).toBeGreaterThan(1);
    expect(answer!.attempts.length).toBeLessThan(12);
    expect(lookups).toBeLessThan(whole.lookups);
  });
});
