export {
  complianceOf,
  type RuleViolations,
  type ServiceCompliance,
} from './answers/conventions/complianceOf.js';
export { likeness } from './answers/findings/likeness.js';
export { isListed } from './answers/isListed.js';
export { rowOf } from './answers/rowOf.js';
export type { Asking, AskOptions } from './ask/Asking.js';
export { askEvent, askSpans } from './ask/askEvent.js';
export { askForgotten, type Forgotten } from './ask/askForgotten.js';
export { type AtHand, askLearned, type Learned, type LearnedAnswer } from './ask/askLearned.js';
export { askLogs, type FoundLog } from './ask/askLogs.js';
export { askWorkflow, NotWhole } from './ask/askWorkflow.js';
export { askWorkflowsAt } from './ask/askWorkflowsAt.js';
export { NEAR_NANO } from './collect/Fetching.js';
export type { DeliveryLesson, Lesson, Proof, PublishLesson, Side } from './lessons/Lesson.js';
