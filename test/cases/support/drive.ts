import type { Asking } from '@upshot/causality';
import type { Store } from '@upshot/storage';

/** Brings a question the rows that it asks for, until it answers. */
export async function drive<Answer>(store: Store, asking: Asking<Answer>): Promise<Answer> {
  let step = asking.next();
  while (!step.done) step = asking.next(await store.find(step.value));
  return step.value;
}
