import { type Asking, askWorkflow, askWorkflowsAt } from '@upshot/causality';
import type { Rules } from '@upshot/conventions';
import type { WorkflowGraph } from '@upshot/model';
import type { Store } from '@upshot/storage';

/** Workflows in which the cause of a lost hop is looked for. A test that makes more is a load test. */
const MOST_ENTRIES = 2_000;

/** Asks a store as the server does, in this process. */
export class Answers {
  constructor(
    private readonly store: Store,
    private readonly conventions: Rules | null,
  ) {}

  /** The workflow of a correlation, trace, event or span ID; null where nothing is known of it. */
  workflow(key: string): Promise<WorkflowGraph | null> {
    return this.drive(askWorkflow(key, this.options()));
  }

  /** All that was sent, by workflow. */
  async all(): Promise<WorkflowGraph[]> {
    const entries = await this.store.entries({ limit: MOST_ENTRIES });
    return this.drive(askWorkflowsAt(entries, this.options()));
  }

  private options() {
    return { nowUnixNano: BigInt(Date.now()) * 1_000_000n, conventions: this.conventions };
  }

  private async drive<Answer>(asking: Asking<Answer>): Promise<Answer> {
    let step = asking.next();
    while (!step.done) step = asking.next(await this.store.find(step.value));
    return step.value;
  }
}
