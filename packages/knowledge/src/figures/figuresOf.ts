import { type HopHealth, type TallySum, WORKFLOW_STATUSES, type WorkflowStatus } from '@upshot/model';
import { complianceOver } from '../compliance/complianceOver.js';
import { HOP, HopCounter, parseHopSeries } from '../hops/hopSeries.js';
import { propagationOf } from '../hops/propagationOf.js';
import { WORKFLOW, WorkflowCounter } from './workflowSeries.js';

/** A broken hop, and how many of its deliveries lost their context. */
export interface HopFigure extends Pick<HopHealth, 'producer' | 'eventName' | 'consumer' | 'fault'> {
  readonly lost: number;
}

/** What monitoring wants to know of many workflows. */
export interface Figures {
  readonly workflows: Readonly<Record<WorkflowStatus, number>>;
  readonly hops: Readonly<Record<HopHealth['state'], number>>;
  /** The worst first. */
  readonly brokenHops: readonly HopFigure[];
  readonly deadLetters: readonly (readonly [consumer: string, count: number])[];
  /** How often services broke a rule of those in force. */
  readonly conventionFindings: readonly (readonly [service: string, count: number])[];
}

interface Options {
  /** Minutes of one period of the sums. */
  readonly every: number;
  /** Which rules are in force, as `rulesIdOf` names them. */
  readonly rules: string;
}

/** Figures from sums of the tallies `workflow`, `hop`, `publish` and `convention`, over periods. */
export function figuresOf(sums: readonly TallySum[], { every, rules }: Options): Figures {
  const workflows = Object.fromEntries(WORKFLOW_STATUSES.map((status) => [status, 0])) as Record<
    WorkflowStatus,
    number
  >;
  const deadLetters = new Map<string, number>();
  for (const { tally } of sums) {
    const of = (counter: number) => tally.counts.get(counter) ?? 0;
    if (tally.kind === WORKFLOW) {
      for (const status of WORKFLOW_STATUSES) workflows[status] += of(WorkflowCounter[status]);
    } else if (tally.kind === HOP) {
      const { consumer } = parseHopSeries(tally.series);
      // A consumer that has none is told too: a figure that appears with the first one can't be seen to rise.
      deadLetters.set(consumer, (deadLetters.get(consumer) ?? 0) + of(HopCounter.deadLettered));
    }
  }
  const health = propagationOf(
    sums.filter(({ tally }) => tally.kind !== WORKFLOW),
    { every },
    0n,
  ).hops;
  const hops = { whole: 0, broken: 0, mended: 0 };
  for (const { state } of health) hops[state]++;
  return {
    workflows,
    hops,
    brokenHops: health
      .filter(({ state }) => state === 'broken')
      .map(({ producer, eventName, consumer, fault, broken }) => ({
        ...{ producer, eventName, consumer, fault },
        lost: broken,
      })),
    deadLetters: mostFirst(deadLetters),
    conventionFindings: mostFirst(
      new Map(
        complianceOver(sums, { every }, rules).map((service) => [
          service.service,
          service.rules.reduce((sum, { count }) => sum + count, 0),
        ]),
      ),
    ),
  };
}

function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
