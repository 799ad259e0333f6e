import type { StepNode, WorkflowGraph } from '@upshot/model';
import { expect, it } from 'vitest';
import { renderWorkflow } from '../src/index.js';
import { orderGraph } from './orderGraph.js';

const STEPS = 130_000;
const START = 1_790_000_000_000_000_000n;

/** More roots than a call takes arguments: each is a line of its own in a full page. */
function manyRoots(): WorkflowGraph {
  const steps = Array.from(
    { length: STEPS },
    (_, n): StepNode => ({
      id: `step:${n}`,
      parent: null,
      step: `step-${n}`,
      service: 'import',
      layer: 'business',
      spanKind: 'internal',
      startTimeUnixNano: String(START + BigInt(n)),
      endTimeUnixNano: String(START + BigInt(n) + 5n),
      error: null,
      traceId: 't',
      spanId: `${n}`,
    }),
  );
  return {
    ...orderGraph(),
    events: [],
    deliveries: [],
    attempts: [],
    steps,
    causes: [],
    criticalPath: [],
    findings: [],
  };
}

it('renders a page of more lines than a call takes arguments', () => {
  const text = renderWorkflow(manyRoots(), {
    color: false,
    width: 100,
    nowUnixNano: START + 1_000_000_000n,
    full: true,
  });
  expect(text).toContain('step-0 ');
  expect(text).toContain(`step-${STEPS - 1} `);
}, 60_000);
