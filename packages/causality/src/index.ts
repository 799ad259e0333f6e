export {
  complianceOf,
  type RuleViolations,
  type ServiceCompliance,
} from './answers/conventions/complianceOf.js';
export { isListed } from './answers/isListed.js';
export { rowOf } from './answers/rowOf.js';
export type { Asking, AskOptions } from './ask/Asking.js';
export { askEvent, askSpans } from './ask/askEvent.js';
export { askWorkflow } from './ask/askWorkflow.js';
export { askWorkflowsAt } from './ask/askWorkflowsAt.js';
