import type { Log } from '@upshot/model';
import type { Reading, RecordReading } from '../interpret/Reading.js';
import { Contexts } from './Contexts.js';
import { completed } from './completed.js';
import type { Draft } from './Draft.js';
import { applyFates } from './fate/applyFates.js';
import { buryDeadLetters } from './fate/buryDeadLetters.js';
import { FailuresBelow, failBelow } from './fate/failBelow.js';
import { foldRepublishes } from './fate/foldRepublishes.js';
import { spareHandled } from './fate/spareHandled.js';
import { tellExceptions } from './fate/tellExceptions.js';
import { deliver } from './join/deliver.js';
import { joinCauses } from './join/joinCauses.js';
import { joinConsumers } from './join/joinConsumers.js';
import type { Doubt } from './join/Narrowing.js';
import type { AttemptDraft, GraphDraftNode } from './nodes.js';
import { rolesOf } from './roles.js';

/** The causal graph of all rows at hand, of one workflow or of many. */
export interface CausalGraph {
  readonly draft: Draft;
  /** All nodes, in an order that depends on nothing but what they say. */
  readonly nodes: readonly GraphDraftNode[];
  readonly contexts: Contexts;
  /** The nodes that stand for a reading: its own, or those into which it was folded. */
  readonly nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>;
  /** What to look for before the causes below batches are settled. */
  readonly doubts: readonly Doubt[];
}

/** Facts to graph. The readings must be in order of time (`Rows.read` gives them so); the graph is the same however they arrived.
 * `isFetched` says of a trace whether its spans were looked for, so that what is missing can be told from what was not asked for; `loose`: log records of exceptions that name
 * an event and no span. */
export function buildGraph(
  readings: readonly Reading[],
  fates: readonly RecordReading[],
  isFetched: (traceId: string) => boolean = () => true,
  loose: readonly Log[] = [],
): CausalGraph {
  const contexts = new Contexts(completed(readings));
  const roles = rolesOf(contexts);
  const joined = joinConsumers(contexts, roles);
  const { steps, nodesOf, doubts } = joinCauses(contexts, roles, joined, isFetched);
  const verdicts = verdictsOf(roles.settles.keys(), nodesOf);
  const draft: Draft = {
    events: joined.events,
    attempts: joined.attempts,
    steps,
    deliveries: [],
    verdicts,
    fates,
    givenUp: [],
  };
  tellExceptions(draft.attempts, loose);
  spareHandled(draft.attempts);
  const failures = new FailuresBelow();
  foldRepublishes(draft, failures);
  buryDeadLetters(draft, failures);
  applyFates(draft);
  deliver(draft);
  failBelow(draft, failures);
  const attempts = draft.deliveries.flatMap(({ attempts }) => attempts);
  const nodes: GraphDraftNode[] = [...draft.events, ...draft.deliveries, ...attempts, ...draft.steps];
  return { draft, nodes, contexts, nodesOf: standing(nodesOf, nodes), doubts };
}

/** Who stands for a reading in the end: events that were folded into others gave way to a step. */
function standing(
  nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
  nodes: readonly GraphDraftNode[],
): Map<Reading, readonly GraphDraftNode[]> {
  const kept = new Set(nodes);
  const result = new Map<Reading, GraphDraftNode[]>();
  for (const node of nodes) {
    if (node.type === 'delivery' || node.reading === null) continue;
    const list = result.get(node.reading);
    if (list === undefined) result.set(node.reading, [node]);
    else list.push(node);
  }
  for (const [reading, folded] of nodesOf) {
    if (!result.has(reading))
      result.set(
        reading,
        folded.filter((node) => kept.has(node)),
      );
  }
  return result;
}

/**
 * What settle spans decided about attempts; of several the one that gave up, else the last. What was put back or aside has failed, whatever the
 * attempt's own span says, unless it was only deferred.
 */
function verdictsOf(
  settles: Iterable<Reading>,
  nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
): Map<AttemptDraft, Reading> {
  const verdicts = new Map<AttemptDraft, Reading>();
  for (const settle of settles) {
    if (settle.verdict === null) continue;
    for (const node of nodesOf.get(settle) ?? []) {
      if (node.type !== 'attempt') continue;
      const known = verdicts.get(node);
      if (known === undefined || outweighs(settle, known)) verdicts.set(node, settle);
      if (node.outcome !== 'succeeded' || /defer/i.test(settle.span.name)) continue;
      node.outcome = 'failed';
      node.error = { type: settle.verdict === 'retry' ? 'nack' : 'reject', message: settle.span.name };
    }
  }
  return verdicts;
}

function outweighs(settle: Reading, known: Reading): boolean {
  if (settle.verdict !== known.verdict) return settle.verdict === 'dead-letter';
  return settle.span.startTimeUnixNano > known.span.startTimeUnixNano;
}
