import type { Violation } from '@upshot/conventions';
import { counted, type Finding } from '@upshot/model';
import { violationsIn } from '../conventions/violationsIn.js';
import { type Finder, listed } from './Finder.js';

/** Names of broken things that a finding carries; more are the same mistake. */
const MAX_NAMES = 20;

/** What breaks the project's conventions: one finding for each rule that a service breaks, with all its nodes. */
export const conventionFindings: Finder = ({ workflow, checker }) => {
  if (checker === null) return [];
  const groups = new Map<string, { first: Violation; nodes: string[]; names: Set<string> }>();
  for (const { violation, node } of violationsIn(workflow, checker)) {
    const key = JSON.stringify([violation.rule, violation.service]);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { first: violation, nodes: [node.id], names: new Set([violation.name]) });
    else {
      if (group.nodes.at(-1) !== node.id) group.nodes.push(node.id);
      group.names.add(violation.name);
    }
  }
  return [...groups.values()].map(({ first, nodes, names }): Finding => {
    const owner = checker.ownerOf(first.service);
    const times = nodes.length === 1 ? '' : ` (${counted(nodes.length, 'time')}${manyNames(names)})`;
    return {
      kind: 'convention',
      severity: first.severity,
      message: `${first.message}${times}, against the rule ${first.rule}.`,
      nodes: listed(nodes),
      fix: owner === null ? first.fix : `${first.fix} Its owner is ${owner}.`,
      convention: {
        rule: first.rule,
        service: first.service,
        owner,
        names: [...names].sort().slice(0, MAX_NAMES),
      },
    };
  });
};

function manyNames(names: ReadonlySet<string>): string {
  return names.size === 1 ? '' : `, with ${names.size} names`;
}
