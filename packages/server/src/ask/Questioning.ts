import type { Asking } from '@upshot/causality';
import type { EntryPoint, Found, Lookup } from '@upshot/model';
import type { EntryQuery } from '@upshot/storage';

/** What a question wants of the store next. */
export type Want =
  | { readonly type: 'find'; readonly lookup: Lookup }
  | { readonly type: 'entries'; readonly query: EntryQuery };

export type Got = Found | EntryPoint[];

/** A question under way, as causality's `Asking`, that may also walk the store's entry points. */
export type Questioning<Answer> = Generator<Want, Answer, Got>;

/** Runs a question of causality inside one of ours. `watch` sees all the rows on their way. */
export function* asking<Answer>(
  question: Asking<Answer>,
  watch?: (found: Found) => void,
): Questioning<Answer> {
  let step = question.next();
  while (!step.done) {
    const found = yield* find(step.value);
    watch?.(found);
    step = question.next(found);
  }
  return step.value;
}

export function* find(lookup: Lookup): Questioning<Found> {
  return (yield { type: 'find', lookup }) as Found;
}

export function* entries(query: EntryQuery): Questioning<EntryPoint[]> {
  return (yield { type: 'entries', query }) as EntryPoint[];
}
