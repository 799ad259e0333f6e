import { NotWhole } from '@upshot/causality';
import { AskError } from '../AskError.js';
import type { Got, Questioning } from '../Questioning.js';

/**
 * A question whose answer has no place to say that a part of the store is away, or that it is too large to be read whole: it gets no answer then, rather than one
 * from which something is missing.
 */
export function* askingForAll<Answer>(question: Questioning<Answer>): Questioning<Answer> {
  try {
    let step = question.next();
    while (!step.done) {
      const got: Got = yield step.value;
      if (got !== null && typeof got === 'object' && 'unavailable' in got && got.unavailable.length > 0)
        throw new AskError('unavailable', 'A part of the store does not answer; try again');
      step = question.next(got);
    }
    return step.value;
  } catch (error) {
    if (!(error instanceof NotWhole)) throw error;
    throw new AskError(
      'too-large',
      'This is too large to be read whole; ask for the workflow, which shows a part',
      {
        cause: error,
      },
    );
  }
}
