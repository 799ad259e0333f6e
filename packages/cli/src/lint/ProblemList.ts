import type { Finding, WorkflowGraph } from '@upshot/model';
import { type Example, type LintResult, type Problem, SEVERITIES } from './Problem.js';

type Counted = { -readonly [Key in keyof Problem]: Problem[Key] };

/** Gathers the findings of many workflows into problems. */
export class ProblemList {
  private readonly problems = new Map<string, Counted>();
  private readonly services = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(private readonly kinds: ReadonlySet<Finding['kind']>) {}

  /** Adds a workflow; the same one again changes nothing. `uri`: where it can be looked at. */
  add(graph: WorkflowGraph, uri: string): void {
    const identity = JSON.stringify([graph.key, graph.startTimeUnixNano, graph.traceIds[0] ?? '']);
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    for (const { producer } of graph.events) if (producer !== '') this.services.add(producer);
    for (const { service } of graph.attempts) if (service !== '') this.services.add(service);
    const here = new Set<string>();
    for (const finding of graph.findings) {
      if (!this.kinds.has(finding.kind)) continue;
      const { service, names } = blameOf(finding, graph);
      const rule = finding.convention?.rule ?? finding.kind;
      for (const name of names) {
        const identityOfProblem = JSON.stringify([rule, service, name]);
        if (here.has(identityOfProblem)) continue;
        here.add(identityOfProblem);
        this.count(identityOfProblem, finding, { rule, service, name }, { key: graph.key, uri });
      }
    }
  }

  /** The gravest first, then by rule, service and name. */
  result(sources: readonly string[]): LintResult {
    const rank = ({ severity }: Problem) => -SEVERITIES.indexOf(severity);
    const text = ({ rule, service, name }: Problem) => JSON.stringify([rule, service, name]);
    const problems = [...this.problems.values()].sort(
      (a, b) => rank(a) - rank(b) || (text(a) < text(b) ? -1 : 1),
    );
    return { problems, workflows: this.seen.size, services: [...this.services].sort(), sources };
  }

  private count(
    identity: string,
    finding: Finding,
    named: Pick<Problem, 'rule' | 'service' | 'name'>,
    example: Example,
  ): void {
    const known = this.problems.get(identity);
    if (known !== undefined) {
      known.workflows++;
      if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(known.severity))
        known.severity = finding.severity;
      return;
    }
    this.problems.set(identity, {
      ...named,
      kind: finding.kind,
      severity: finding.severity,
      owner: finding.convention?.owner ?? null,
      workflows: 1,
      example,
      message: finding.message,
      fix: finding.fix ?? null,
    });
  }
}

/** Whose finding it is, and about what: of a convention as it says, of a hop its ends, of all else the first node. */
function blameOf({ convention, hop, kind, nodes }: Finding, graph: WorkflowGraph) {
  if (convention !== undefined) return { service: convention.service, names: convention.names };
  if (hop !== undefined) {
    if (kind === 'broken-causality')
      return { service: hop.producer, names: [`${hop.eventName} → ${hop.consumer}`] };
    return { service: hop.consumer, names: [hop.eventName] };
  }
  const id = nodes[0] ?? '';
  const delivery = graph.deliveries.find((one) => one.id === id);
  const attempt = graph.attempts.find((one) => one.id === id || one.delivery === id);
  const event = graph.events.find((one) => one.id === (delivery?.event ?? id));
  const step = graph.steps.find((one) => one.id === id);
  return {
    service: attempt?.service ?? step?.service ?? event?.producer ?? '',
    names: [delivery?.consumer ?? attempt?.step ?? step?.step ?? event?.eventName ?? ''],
  };
}
