import type { WorkflowAssertions } from './assert/WorkflowAssertions.js';
import { TestUpshot, type TestUpshotOptions } from './TestUpshot.js';

let current: TestUpshot | null = null;

/** Starts an Upshot in this process, which `workflow` asks from then on. See `TestUpshot.start`. */
export async function startTestUpshot(options: TestUpshotOptions = {}): Promise<TestUpshot> {
  current = await TestUpshot.start(options);
  return current;
}

/**
 * Assertions on a workflow of the Upshot that was started last in this process: `await workflow('order_441').toReach('send-warehouse-webhook')`.
 * @throws Error where none was started
 */
export function workflow(key: string): WorkflowAssertions {
  if (current === null)
    throw new Error('There is no Upshot in this process yet: await startTestUpshot() before workflow(…)');
  return current.workflow(key);
}
