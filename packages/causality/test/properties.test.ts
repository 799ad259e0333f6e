import type { WorkflowGraph } from '@upshot/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, holding, workflow, write } from './support/ask.js';
import { carryOut, type Mode, type Names, plans, type SentSpan } from './support/fleet.js';
import { shapeOf } from './support/shapeOf.js';

const modes = fc.constantFrom<Mode>('parent', 'link', 'both');
const generations = fc.constantFrom<Names>('old', 'middle', 'new');
const RUNS = { numRuns: 60, endOnFailure: true };

const keyOf = (spans: readonly SentSpan[]) => spans.at(-1)!.span.traceId;

describe('the graph of a workflow', () => {
  it('is the same however its spans arrive: in any order, twice, in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        modes,
        generations,
        fc.infiniteStream(fc.nat()),
        async (plan, mode, names, random) => {
          const spans = carryOut(plan, mode, names);
          const expected = await answer(spans, keyOf(spans));
          const next = () => random.next().value as number;
          const shuffled = [...spans, ...spans.filter(() => next() % 3 === 0)]
            .map((span) => ({ span, at: next() }))
            .sort((a, b) => a.at - b.at)
            .map(({ span }) => span);
          const batches: SentSpan[][] = [[]];
          for (const span of shuffled) {
            if (next() % 4 === 0) batches.push([]);
            batches.at(-1)!.push(span);
          }
          expect(await workflow(await holding(...batches), keyOf(spans))).toEqual(expected);
        },
      ),
      RUNS,
    );
  });

  it('is the same by every key that leads to it', async () => {
    await fc.assert(
      fc.asyncProperty(plans, modes, generations, async (plan, mode, names) => {
        const spans = carryOut(plan, mode, names);
        const store = await holding(spans);
        const expected = await workflow(store, keyOf(spans));
        for (const { span } of spans) {
          expect(await workflow(store, span.spanId.toUpperCase())).toEqual(expected);
          expect(await workflow(store, span.traceId)).toEqual(expected);
        }
        for (const { eventId, correlationId } of expected!.events) {
          if (eventId !== null) expect(await workflow(store, eventId)).toEqual(expected);
          if (correlationId !== null) expect(await workflow(store, correlationId)).toEqual(expected);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('has the same shape by parent and by link, by old names and by new ones', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const shapes: string[][] = [];
        for (const mode of ['parent', 'link', 'both'] as const) {
          for (const names of ['old', 'middle', 'new'] as const) {
            const spans = carryOut(plan, mode, names);
            shapes.push(shapeOf((await answer(spans, keyOf(spans)))!));
          }
        }
        for (const shape of shapes) expect(shape).toEqual(shapes[0]);
      }),
      { numRuns: 30 },
    );
  });

  it('names every span once, and is closed: all that it refers to is in it', async () => {
    await fc.assert(
      fc.asyncProperty(plans, modes, generations, async (plan, mode, names) => {
        const spans = carryOut(plan, mode, names);
        const graph = (await answer(spans, keyOf(spans)))!;
        const nodes = [...graph.events, ...graph.attempts, ...graph.steps];
        const named = nodes
          .flatMap((node) => [node.spanId, ...(node.spanIds ?? [])])
          .filter((id) => id !== null);
        expect(named.sort()).toEqual(spans.map(({ span }) => span.spanId).sort());
        const ids = new Set([...nodes, ...graph.deliveries].map(({ id }) => id));
        expect(ids.size).toBe(nodes.length + graph.deliveries.length);
        for (const { from, to } of graph.causes) expect(ids.has(from) && ids.has(to)).toBe(true);
        for (const id of graph.criticalPath) expect(ids.has(id)).toBe(true);
      }),
      RUNS,
    );
  });

  it('grows span by span into the same graph, and no removed span makes a certain edge that is false', async () => {
    await fc.assert(
      fc.asyncProperty(plans, modes, generations, fc.nat(), async (plan, mode, names, which) => {
        const spans = carryOut(plan, mode, names);
        const full = (await answer(spans, keyOf(spans)))!;
        const caused = reachability(full);
        const lost = spans[which % spans.length]!;
        const rest = spans.filter((span) => span !== lost);
        for (const { span } of rest) {
          const partial = await answer(rest, span.spanId);
          expect(partial).not.toBeNull();
          const known = new Set(
            [...full.events, ...full.deliveries, ...full.attempts, ...full.steps].map(({ id }) => id),
          );
          for (const { from, to, confidence } of partial!.causes) {
            // A lost attempt or step between the two leaves a cause that is no longer the nearest, and still true.
            if (confidence === 1 && known.has(from) && known.has(to)) expect(caused(from, to)).toBe(true);
          }
        }
        const store = await holding(rest);
        await write(store, [lost]);
        expect(await workflow(store, keyOf(spans))).toEqual(full);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});

/** Whether one node of a graph led to another, over however many causes. */
function reachability(graph: WorkflowGraph): (from: string, to: string) => boolean {
  const effects = new Map<string, string[]>();
  for (const { from, to } of graph.causes) effects.set(from, [...(effects.get(from) ?? []), to]);
  return (from, to) => {
    const open = [from];
    const seen = new Set(open);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === to) return true;
      for (const next of effects.get(at) ?? []) {
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
    }
    return false;
  };
}
