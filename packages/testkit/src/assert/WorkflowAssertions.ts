import type { WorkflowGraph } from '@upshot/model';
import { lostHops } from '../report/lostHops.js';
import { plainShape, shapeDifference } from '../shape/sameShape.js';
import { shapeOf } from '../shape/shapeOf.js';
import { attemptsNamed, deliveriesNamed, isOpen, isReached } from './named.js';
import type { Verdict } from './Verdict.js';
import { type Waiting, type Watched, watch } from './Watcher.js';

export type { Waiting } from './Watcher.js';

/** A business step, a consumer, or an event, by its name. */
export type Named = string;

/**
 * What must become of one workflow. Each method waits until it does, and resolves; else it rejects with a `CausalityError` that shows the
 * workflow, marks what is missing and says which hop lost the context.
 */
export class WorkflowAssertions {
  constructor(
    private readonly key: string,
    private readonly watched: Watched,
  ) {}

  /**
   * The workflow gets as far as this step, consumer or event, in one causal graph with its beginning. Whether that ended well is not asked: see
   * `toSucceed`.
   */
  toReach(name: Named, waiting: Waiting = {}): Promise<void> {
    return this.hold(waiting, (graph) => ({
      holds: isReached(graph, name),
      isFinal: true,
      message: `${name} was not reached`,
      missing: name,
    }));
  }

  /** Every delivery to this step or consumer, and there is at least one, ends well, whether at once or after retries. */
  toSucceed(name: Named, waiting: Waiting = {}): Promise<void> {
    return this.hold(waiting, (graph) => {
      const found = deliveriesNamed(graph, name);
      const bad = found.filter(({ status }) => status !== 'succeeded' && status !== 'recovered');
      return {
        holds: found.length > 0 && bad.length === 0,
        message:
          found.length === 0 ? `${name} was not reached` : `${name} is ${bad[0]?.status}, not succeeded`,
        missing: found.length === 0 ? name : undefined,
      };
    });
  }

  /** This step or consumer was tried so many times, and not once more. */
  toHaveAttempts(name: Named, count: number, waiting: Waiting = {}): Promise<void> {
    return this.hold(waiting, (graph) => {
      const attempts = attemptsNamed(graph, name);
      const deliveries = deliveriesNamed(graph, name);
      return {
        holds: attempts.length === count && attempts.every(({ outcome }) => outcome !== 'running'),
        isFinal: count > 0 && deliveries.every((delivery) => !isOpen(delivery)),
        message: `${name} has ${attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}, not ${count}`,
        missing: attempts.length === 0 && count > 0 ? name : undefined,
        expected: count,
        actual: attempts.length,
      };
    });
  }

  /** A delivery to this step or consumer fails first (`failures` times, where given) and succeeds then; without a name, any does. */
  toRecover(
    name?: Named,
    { failures, ...waiting }: Waiting & { readonly failures?: number } = {},
  ): Promise<void> {
    return this.hold(waiting, (graph) => {
      const found = name === undefined ? graph.deliveries : deliveriesNamed(graph, name);
      const failed = (id: string) =>
        graph.attempts.filter(({ delivery, outcome }) => delivery === id && outcome === 'failed').length;
      const recovered = found.filter(
        ({ id, status }) => status === 'recovered' && (failures === undefined || failed(id) === failures),
      );
      const states = found.map(({ id, status }) => `${status} after ${failed(id)} failed attempts`);
      const times = failures === undefined ? '' : ` after ${failures} failed attempts`;
      return {
        holds: recovered.length > 0,
        isFinal: true,
        message: `${name ?? 'nothing'} ${name === undefined ? 'has recovered' : 'did not recover'}${times}: ${states.join(', ') || 'it was not reached'}`,
        missing: found.length === 0 ? name : undefined,
      };
    });
  }

  /** A delivery to this step or consumer is given up and put aside; without a name, any is. */
  toDeadLetter(name?: Named, waiting: Waiting = {}): Promise<void> {
    return this.hold(waiting, (graph) => {
      const found = name === undefined ? graph.deliveries : deliveriesNamed(graph, name);
      return {
        holds: found.some(({ status }) => status === 'dead-lettered'),
        isFinal: true,
        message: `${name ?? 'nothing'} was ${name === undefined ? '' : 'not '}dead-lettered`,
        missing: found.length === 0 ? name : undefined,
      };
    });
  }

  /** Every branch ends well: the workflow's status is `completed`, and it has a delivery at all. */
  toComplete(waiting: Waiting = {}): Promise<void> {
    return this.hold(waiting, (graph) => ({
      holds: graph.status === 'completed' && graph.deliveries.length > 0 && !graph.deliveries.some(isOpen),
      message: `it is ${graph.status}, not completed: ${graph.summary}`,
      expected: 'completed',
      actual: graph.status,
    }));
  }

  /**
   * No hop lost the context: every cause is declared, by parent, link or ID that a message carried, and no consumer handled what this workflow published
   * in a workflow of its own. Wait for the end of the work first (`toReach`): what has not happened yet can't be broken.
   */
  toBeUnbroken(waiting: Waiting = {}): Promise<void> {
    return this.hold(waiting, async (graph, all) => {
      const broken = graph.findings.filter(({ kind }) => BROKEN.has(kind));
      const guessed = graph.causes.filter(({ confidence }) => confidence < 1);
      const lost = lostHops(graph, await all());
      const running = graph.attempts.some(({ outcome }) => outcome === 'running');
      const what =
        broken.length + lost.length > 0
          ? `the context was lost on ${broken.length + lost.length === 1 ? 'a hop' : `${broken.length + lost.length} hops`}`
          : guessed.length > 0
            ? `${guessed.length} of its causes are guesses`
            : 'it is still running';
      return { holds: broken.length + guessed.length + lost.length === 0 && !running, message: what };
    });
  }

  /**
   * The workflow has this shape (see `shapeOf`), indented as the test likes it. Without IDs and times, so it stays equal from run to run; for snapshots
   * of a test framework, give it `shape()`.
   */
  toMatchShape(snapshot: string, waiting: Waiting = {}): Promise<void> {
    const expected = plainShape(snapshot);
    return this.hold(waiting, (graph) => {
      const actual = shapeOf(graph);
      return {
        holds: actual === expected,
        message: `its shape is another one (- missing, + not expected)\n${shapeDifference(expected, actual)}\n`,
        expected,
        actual,
      };
    });
  }

  /** The workflow's shape, once it is there and nothing has come in for a while. */
  async shape(waiting: Waiting = {}): Promise<string> {
    let shape = '';
    await this.hold(waiting, (graph) => {
      shape = shapeOf(graph);
      const holds = !graph.attempts.some(({ outcome }) => outcome === 'running');
      return { holds, message: 'it is still running' };
    });
    return shape;
  }

  private hold(
    waiting: Waiting,
    judge: (graph: WorkflowGraph, all: () => Promise<WorkflowGraph[]>) => Verdict | Promise<Verdict>,
  ): Promise<void> {
    return watch(this.key, this.watched, waiting, judge);
  }
}

const BROKEN: ReadonlySet<string> = new Set(['broken-causality', 'missing-parent', 'ambiguous-cause']);
