import type { WorkflowGraph } from '@upshot/model';
import { renderWorkflow, safeText } from '@upshot/text';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { arbitraryGraph } from './arbitraryGraph.js';

const options = fc.record({
  color: fc.boolean(),
  width: fc.integer({ min: 40, max: 160 }),
  nowUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n }),
  transport: fc.boolean(),
  full: fc.boolean(),
});

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    '\u001b[2J\u001b[31m',
    '\u202eorder',
    '\u009b1m',
    'a\r\nb',
    '',
    '😀'.repeat(50),
    '注文'.repeat(50),
  ),
);

/** The renderer's own colours, and nothing else that begins with an escape. */
const OWN_COLOR = /\u001b\[(?:0|1|2|31|32|33|35|36|95)m/g;

describe('renderWorkflow, for any graph', () => {
  it('never throws, and lets no control character of the telemetry through', () => {
    fc.assert(
      fc.property(arbitraryGraph(anything), options, (graph, chosen) => {
        const text = renderWorkflow(graph, chosen);
        const own = chosen.color ? text.replace(OWN_COLOR, '') : text;
        expect(own.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('stays within the width, but for a line that an ID is alone on', () => {
    fc.assert(
      fc.property(arbitraryGraph(anything), options, (graph, chosen) => {
        const ids = idsOf(graph);
        for (const line of renderWorkflow(graph, { ...chosen, color: false }).split('\n')) {
          if (stringWidth(line) <= chosen.width) continue;
          expect(
            ids.some((id) => line.endsWith(id)),
            line,
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives every node a place: with `full` and `transport`, each is named', () => {
    fc.assert(
      fc.property(arbitraryGraph(fc.constant('x')), options, (graph, chosen) => {
        const named = {
          ...graph,
          events: graph.events.map((event) => ({ ...event, eventName: `<${event.id}>` })),
          deliveries: graph.deliveries.map((delivery) => ({ ...delivery, consumer: `<${delivery.id}>` })),
          attempts: graph.attempts.map((attempt) => ({ ...attempt, step: `<${attempt.id}>` })),
          steps: graph.steps.map((step) => ({ ...step, step: `<${step.id}>` })),
        };
        const text = renderWorkflow(named, { ...chosen, full: true, transport: true });
        for (const { id } of [...graph.events, ...graph.deliveries, ...graph.attempts, ...graph.steps]) {
          expect(text).toContain(`<${id}>`);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function idsOf(graph: WorkflowGraph): string[] {
  const ids = [graph.key, ...graph.correlationIds, ...graph.traceIds, graph.truncated?.nextCursor ?? ''];
  for (const { eventId } of graph.events) ids.push(eventId ?? '');
  return ids.filter((id) => id !== '').map(safeText);
}
