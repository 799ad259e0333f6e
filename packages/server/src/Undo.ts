/** What was opened, to be closed in the reverse order: each step after the one that leans on it. */
export class Undo {
  private readonly steps: (() => Promise<unknown>)[] = [];

  push(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  /** Runs all steps, also behind one that fails; rejects with the first failure. */
  async all(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.steps.splice(0).reverse())
      await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
