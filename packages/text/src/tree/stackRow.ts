import type { GraphNode } from '@upshot/model';
import { formatCount } from '@upshot/model';
import type { Part } from '../layout/Part.js';
import { belowDelivery, sharedNames } from './deliveryRows.js';
import { joinedWords } from './joinedWords.js';
import type { Child } from './Outline.js';
import { leaf, type Row } from './Row.js';
import type { NodeOf, RowMaker } from './RowMaker.js';
import {
  attemptsParts,
  deliveryStackParts,
  eventStackParts,
  furtherParts,
  stepStackParts,
  TROUBLED,
} from './stackParts.js';

/** More like branches than these are one stack. */
export const LIKE_BRANCHES = 6;
/** So many of the troubled branches of a stack are told one by one. */
const TOLD_BRANCHES = 5;

/**
 * Like branches as one row, what they led to merged below it, the troubled ones first and one by one. Null for nodes that are never
 * stacked: an attempt stands on its own line.
 */
export function stackRow(maker: RowMaker, group: readonly Child[], above: GraphNode | null): Row | null {
  const first = maker.outline.node(group[0]!.id);
  switch (first.type) {
    case 'event':
      return row(maker, group, eventStackParts(nodesOf(maker, group, 'event'), maker.options.start), () =>
        maker.rows(merged(maker, group), first, true),
      );
    case 'delivery': {
      const deliveries = nodesOf(maker, group, 'delivery');
      const steps = new Set(deliveries.map((delivery) => sharedNames(maker, delivery).step));
      const parts = deliveryStackParts(deliveries, steps.size === 1 ? [...steps][0]! : '');
      return row(maker, group, parts, () => belowDeliveries(maker, deliveries, group));
    }
    case 'step': {
      const steps = nodesOf(maker, group, 'step');
      const service = above && 'service' in above ? above.service : null;
      return row(maker, group, stepStackParts(steps, service), () => belowSteps(maker, steps, group, above));
    }
    case 'attempt':
      return null;
  }
}

function row(maker: RowMaker, group: readonly Child[], parts: readonly Part[], expand: () => Row[]): Row {
  const ids = group.map(({ id }) => id);
  return {
    parts: [...parts, ...maker.marks(ids, stackJoinedWords(maker, group))],
    critical: ids.some((id) => maker.options.critical.has(id)),
    expand,
  };
}

function belowDeliveries(
  maker: RowMaker,
  deliveries: readonly NodeOf<'delivery'>[],
  group: readonly Child[],
): Row[] {
  const troubled = deliveries
    .filter(({ status }) => TROUBLED.includes(status))
    .sort((a, b) => TROUBLED.indexOf(a.status) - TROUBLED.indexOf(b.status));
  const told = new Set(troubled.slice(0, TOLD_BRANCHES).map(({ id }) => id));
  const oneEvent = deliveries.every(({ event }) => event === deliveries[0]!.event);
  const children = new Map(group.map((child) => [child.id, child]));
  const rows = [...told].map((id) => maker.single(children.get(id)!, null, !oneEvent));
  const further = troubled.slice(TOLD_BRANCHES);
  if (further.length > 0) rows.push(leaf(furtherParts(further)));

  const attempts: NodeOf<'attempt'>[] = [];
  const led: Child[] = [];
  for (const delivery of deliveries) {
    if (told.has(delivery.id)) continue;
    const below = belowDelivery(maker, delivery);
    for (const other of below.others) led.push(other);
    for (const attempt of below.attempts) {
      attempts.push(attempt);
      for (const child of maker.outline.children(attempt.id)) led.push(child);
    }
  }
  const others = told.size > 0 ? ' of the others' : '';
  if (attempts.length > 0) rows.push(leaf(attemptsParts(attempts, others)));
  return [...rows, ...maker.rows(distinct(led), deliveries[0]!, true)];
}

function belowSteps(
  maker: RowMaker,
  steps: readonly NodeOf<'step'>[],
  group: readonly Child[],
  above: GraphNode | null,
): Row[] {
  const failed = steps.filter(({ error }) => error !== null).slice(0, TOLD_BRANCHES);
  const told = new Set(failed.map(({ id }) => id));
  const rows = group.filter(({ id }) => told.has(id)).map((child) => maker.single(child, above, false));
  const others = group.filter(({ id }) => !told.has(id));
  return [...rows, ...maker.rows(merged(maker, others), steps[0]!, true)];
}

/** What these nodes led to, each once. */
function merged(maker: RowMaker, group: readonly Child[]): Child[] {
  return distinct(group.flatMap(({ id }) => maker.outline.children(id)));
}

function distinct(children: readonly Child[]): Child[] {
  return [...new Map(children.map((child) => [child.id, child])).values()];
}

/** How the members were joined, where that was not declared: in one word if it is one, else how many. */
function stackJoinedWords(maker: RowMaker, group: readonly Child[]): string | null {
  const words = group.map((child) => joinedWords(maker.outline, child)).filter((word) => word !== null);
  if (words.length === 0) return null;
  return words.length === group.length && words.every((word) => word === words[0])
    ? words[0]!
    : `×${formatCount(words.length)} joined by IDs or guessed`;
}

function nodesOf<T extends GraphNode['type']>(
  maker: RowMaker,
  group: readonly Child[],
  type: T,
): NodeOf<T>[] {
  return group.flatMap(({ id }) => {
    const node = maker.outline.node(id);
    return node.type === type ? [node as NodeOf<T>] : [];
  });
}
