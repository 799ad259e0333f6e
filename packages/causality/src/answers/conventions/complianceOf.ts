import { RuleChecker, type Rules } from '@upshot/conventions';
import type { Workflow } from '../Workflow.js';
import { checkedIn } from './checkedIn.js';
import { violationsIn } from './violationsIn.js';

/** How far one service kept the rules in one workflow. Sums over many workflows are sums of these. */
export interface ServiceCompliance {
  readonly service: string;
  /** Publishes and attempts that were held against the rules. */
  readonly checked: number;
  /** Those of them that broke none. */
  readonly compliant: number;
  readonly violations: readonly RuleViolations[];
}

export interface RuleViolations {
  readonly rule: string;
  readonly count: number;
  /** ID of the first node that broke it. */
  readonly example: string;
}

/** By service, in the order of their names; none where there are no rules. */
export function complianceOf(workflow: Workflow, rules: Rules, nowUnixNano: bigint): ServiceCompliance[] {
  const services = new Map<
    string,
    {
      checked: number;
      broken: Set<string>;
      rules: Map<string, { rule: string; count: number; example: string }>;
    }
  >();
  const of = (service: string) => {
    let entry = services.get(service);
    if (entry === undefined) {
      entry = { checked: 0, broken: new Set(), rules: new Map() };
      services.set(service, entry);
    }
    return entry;
  };
  const checkedIds = new Set<string>();
  for (const { node, checked } of checkedIn(workflow)) {
    of(checked.service).checked++;
    checkedIds.add(node.id);
  }
  for (const { violation, node } of violationsIn(workflow, new RuleChecker(rules, nowUnixNano))) {
    const entry = of(violation.service);
    if (checkedIds.has(node.id)) entry.broken.add(node.id);
    const known = entry.rules.get(violation.rule);
    if (known === undefined)
      entry.rules.set(violation.rule, { rule: violation.rule, count: 1, example: node.id });
    else known.count++;
  }
  return [...services]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, { checked, broken, rules: byRule }]) => ({
      service,
      checked,
      compliant: checked - broken.size,
      violations: [...byRule.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1)),
    }));
}
