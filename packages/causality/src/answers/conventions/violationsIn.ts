import type { RuleChecker, Violation } from '@upshot/conventions';
import type { GraphDraftNode } from '../../graph/nodes.js';
import type { Workflow } from '../Workflow.js';
import { checkedIn } from './checkedIn.js';

export interface ViolationAt {
  readonly violation: Violation;
  readonly node: GraphDraftNode;
}

/** What one workflow breaks of the rules, by the node that does. */
export function violationsIn(workflow: Workflow, checker: RuleChecker): ViolationAt[] {
  const found: ViolationAt[] = [];
  for (const { node, checked } of checkedIn(workflow)) {
    for (const violation of checker.check(checked)) found.push({ violation, node });
  }
  if (checker.rules.forbiddenAttributes.length > 0) {
    for (const node of workflow.steps) {
      const { service, span } = node.reading;
      for (const violation of checker.attributes(service, span.attributes.keys()))
        found.push({ violation, node });
    }
  }
  return found;
}
