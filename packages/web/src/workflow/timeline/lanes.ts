import type { AttemptNode, EventNode, StepNode } from '@upshot/model';
import { nanos } from '../../words/format.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card, Scene } from '../scene/Scene.js';
import type { Stretch } from './findFolds.js';

/** One line of the timeline: what one card of the graph did, in time. */
export interface Lane {
  readonly card: Card;
  /** Distance from its root. */
  readonly depth: number;
  /** Of a single delivery; the branches of a stack have none of their own. */
  readonly attempts: readonly AttemptNode[];
  /** What the card itself is in time: a root step, or all that the branches of a stack did. */
  readonly whole: Stretch | null;
  readonly steps: readonly StepNode[];
  /** What was published, where it left. */
  readonly events: readonly EventNode[];
  /** Dead letters of it. */
  readonly letters: readonly EventNode[];
}

/** The lanes of a workflow: depth first, so that what something caused lies below it. */
export function lanesOf(index: WorkflowIndex, scene: Scene): Lane[] {
  const cards = new Map(scene.cards.map((card) => [card.id, card]));
  const depths = new Map<string, number>();
  const letters = new Map<string, EventNode[]>();
  const docked = new Set<string>();
  for (const edge of scene.edges) {
    const [from, to] = [cards.get(edge.from), cards.get(edge.to)];
    if (!from || !to) continue;
    if (to.kind === 'dead-letter' && from.kind !== 'dead-letter' && !docked.has(to.id)) {
      docked.add(to.id);
      letters.set(from.id, [...(letters.get(from.id) ?? []), ...to.events]);
      depths.set(to.id, depths.get(from.id) ?? 0);
    } else if (!depths.has(to.id)) depths.set(to.id, (depths.get(from.id) ?? 0) + 1);
  }
  return scene.cards.flatMap((card): Lane[] => {
    if (docked.has(card.id)) return [];
    const events = 'events' in card ? card.events : card.pills.flatMap((pill) => pill.events);
    return [
      {
        card,
        depth: depths.get(card.id) ?? 0,
        attempts: card.kind === 'delivery' ? index.attempts(card.delivery) : [],
        whole: wholeOf(index, card),
        steps: card.rows.map(({ step }) => step),
        // The diamonds of a crowd would be a smear.
        events: card.kind === 'stack' ? [] : events.slice(0, MOST_EVENTS),
        letters: letters.get(card.id) ?? [],
      },
    ];
  });
}

const MOST_EVENTS = 20;

function wholeOf(index: WorkflowIndex, card: Card): Stretch | null {
  if (card.kind === 'step') {
    return { from: nanos(card.step.startTimeUnixNano), to: nanos(card.step.endTimeUnixNano) };
  }
  if (card.kind !== 'stack') return null;
  const attempts = card.deliveries.flatMap((delivery) => index.attempts(delivery));
  if (attempts.length === 0) return null;
  let [from, to] = [nanos(attempts[0]!.startTimeUnixNano), 0n];
  for (const attempt of attempts) {
    const { from: start, to: end } = stretchOf(attempt, index.end);
    if (start < from) from = start;
    if (end > to) to = end;
  }
  return { from, to };
}

/** When an attempt worked; one that runs still does at the end of what is known. */
export function stretchOf(attempt: AttemptNode, now: bigint): Stretch {
  const from = nanos(attempt.startTimeUnixNano);
  return {
    from,
    to: attempt.endTimeUnixNano === null ? (now > from ? now : from) : nanos(attempt.endTimeUnixNano),
  };
}

/** When anything of a workflow happened: what may not be folded away. */
export function busyStretches(index: WorkflowIndex): Stretch[] {
  const { attempts, steps, events } = index.graph;
  return [
    ...attempts.map((attempt) => stretchOf(attempt, index.end)),
    ...steps.map((step) => ({ from: nanos(step.startTimeUnixNano), to: nanos(step.endTimeUnixNano) })),
    ...events.map((event) => ({ from: nanos(event.timeUnixNano), to: nanos(event.timeUnixNano) })),
  ];
}

/** From the first to the last moment of all that is drawn: clocks that run ahead may lie beyond the workflow's own times. */
export function boundsOf(index: WorkflowIndex, busy: readonly Stretch[]): Stretch {
  let [from, to] = [index.start, index.end];
  for (const stretch of busy) {
    if (stretch.from < from) from = stretch.from;
    if (stretch.to > to) to = stretch.to;
  }
  return { from, to };
}
