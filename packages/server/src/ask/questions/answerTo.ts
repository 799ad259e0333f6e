import { askEvent, askWorkflow } from '@upshot/causality';
import { renderWorkflow } from '@upshot/text';
import { forgottenRows } from '../../forget/forgottenRows.js';
import { placesOfNotes } from '../../forget/placesOfNotes.js';
import { RollUpState } from '../../roll-up/RollUpState.js';
import { rollUpTick } from '../../roll-up/rollUpTick.js';
import { exported } from '../export/exported.js';
import { endedWorkflows } from '../list/endedWorkflows.js';
import { listWorkflows } from '../list/listWorkflows.js';
import type { Question } from '../Question.js';
import { asking, type Questioning } from '../Questioning.js';
import { askingForAll } from './askingForAll.js';
import { findingFeed } from './findingFeed.js';
import { histogram } from './histogram.js';
import { logsOfWorkflow } from './logs.js';
import { offsetOf } from './offsetOf.js';
import { spansOfWorkflow, storedSpan } from './spans.js';
import { compliance, figures, groups, propagation, topology } from './taught.js';
import { withAlike } from './withAlike.js';

/** The columns of a terminal that nobody measured. */
const TEXT_WIDTH = 80;

/** Of this thread: only the one that rolls up fills it. */
const ROLL_UP = new RollUpState();

/**
 * The answer to a question, as the text that the caller gets; null where nothing is known of what was asked.
 * `clock` counts milliseconds, for what must end in time.
 */
export function* answerTo(question: Question, clock: () => number): Questioning<string | null> {
  const { nowUnixNano, conventions } = question;
  switch (question.kind) {
    case 'workflow': {
      // Causality leaves the check to whoever takes the cursor from outside.
      if (question.page.cursor !== null) offsetOf(question.page.cursor);
      const graph = yield* asking(askWorkflow(question.key, { nowUnixNano, conventions, ...question.page }));
      if (!graph) return null;
      return question.format === 'json'
        ? JSON.stringify(yield* withAlike(graph, clock))
        : renderWorkflow(graph, { color: false, width: TEXT_WIDTH, nowUnixNano });
    }
    case 'event': {
      const answer = yield* askingForAll(
        asking(askEvent(question.eventId, { nowUnixNano, limit: question.limit })),
      );
      return answer && JSON.stringify(answer);
    }
    case 'spans':
      return yield* askingForAll(spansOfWorkflow(question.key, question.page, nowUnixNano));
    case 'forgotten':
      return yield* askingForAll(forgottenRows(question.key, nowUnixNano));
    case 'notes':
      return yield* placesOfNotes(question);
    case 'export':
      return yield* askingForAll(exported(question.key, nowUnixNano));
    case 'logs':
      return yield* askingForAll(logsOfWorkflow(question.key, question.page, nowUnixNano));
    case 'span':
      return yield* askingForAll(storedSpan(question.traceId, question.spanId));
    case 'list':
      return JSON.stringify(yield* listWorkflows(question, clock));
    case 'ended':
      return JSON.stringify(yield* endedWorkflows(question));
    case 'histogram':
      return JSON.stringify(yield* histogram(question, clock));
    case 'propagation':
      return JSON.stringify(yield* propagation(question));
    case 'topology':
      return JSON.stringify(yield* topology(question));
    case 'finding-groups':
      return JSON.stringify(yield* groups(question));
    case 'compliance':
      return JSON.stringify(yield* compliance(question));
    case 'figures':
      return JSON.stringify(yield* figures(question));
    case 'findings':
      return JSON.stringify(yield* findingFeed(question));
    case 'roll-up':
      return JSON.stringify(yield* rollUpTick(ROLL_UP, question, clock));
  }
}
