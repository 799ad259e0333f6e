import type { EventNode } from '@upshot/model';
import { certaintyOf, certaintyWords } from '../../words/evidence.js';
import { groupBy, push } from '../model/groupBy.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card, Pill, Scene, SceneOptions } from './Scene.js';
import { sceneEdges } from './sceneEdges.js';
import { STACK_ABOVE, stackLike } from './stackLike.js';
import { stepRows } from './stepRows.js';

/** The cards and lines of a workflow: events in the cards that published them, attempts in their deliveries, like branches in stacks. */
export function buildScene(index: WorkflowIndex, options: SceneOptions): Scene {
  return new SceneBuilder(index, options).build();
}

type Draft = { -readonly [Key in keyof Card]: Card[Key] };

class SceneBuilder {
  private readonly cards: Card[] = [];
  private readonly cardOf = new Map<string, string>();
  private readonly pillOf = new Map<string, string>();
  /** Events by the one owner that published them. */
  private readonly docked = new Map<string, EventNode[]>();
  /** Events that stand alone, by what led to them. */
  private readonly loose = new Map<string, EventNode[]>();
  private readonly looseRoots: EventNode[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly index: WorkflowIndex,
    private readonly options: SceneOptions,
  ) {}

  build(): Scene {
    const { graph, compare, ownerOf } = {
      graph: this.index.graph,
      compare: this.index.compare,
      ownerOf: (id: string) => this.index.ownerOf(id),
    };
    for (const event of [...graph.events].sort((a, b) => compare(a.id, b.id))) this.sort(event);
    const roots = graph.steps.filter((step) => ownerOf(step.id) === step.id);
    const starts = [
      ...roots.map((step) => ({ id: step.id, add: () => this.addRoot(step.id) })),
      ...groups(this.looseRoots, eventKind, STACK_ABOVE).map((events) => ({
        id: events[0]!.id,
        add: () => this.addEvents(events),
      })),
    ].sort((a, b) => compare(a.id, b.id));
    for (const start of starts) {
      start.add();
      this.drain();
    }
    // What only a circle leads to has no start: it begins where the circle was first seen.
    for (const event of [...graph.events].sort((a, b) => compare(a.id, b.id))) {
      if (!this.cardOf.has(event.id)) this.addEvents([event]);
      this.drain();
    }
    for (const delivery of graph.deliveries) if (!this.cardOf.has(delivery.id)) this.addDelivery(delivery.id);
    this.drain();
    return {
      cards: this.cards,
      edges: sceneEdges(this.index, this.cards, this.cardOf, this.pillOf),
      cardOf: this.cardOf,
    };
  }

  /** Whether an event lies in the card of its one publisher, or stands alone, and below what. */
  private sort(event: EventNode): void {
    const causes = this.index.causes(event.id);
    const owners = new Set(causes.map(({ from }) => this.index.ownerOf(from)));
    const [owner] = owners;
    const isOwned = owner !== undefined && this.index.node(owner)?.type !== 'event';
    if (event.kind === 'event' && owners.size === 1 && isOwned && !this.isBelow(owner, event)) {
      push(this.docked, owner, event);
    } else if (owner !== undefined) push(this.loose, owner, event);
    else this.looseRoots.push(event);
  }

  /** Whether an event is its own consumer's publication: it can't lie in a card that hangs on it. */
  private isBelow(owner: string, event: EventNode): boolean {
    const node = this.index.node(owner);
    return node?.type === 'delivery' && node.event === event.id;
  }

  private drain(): void {
    // Nearest first: a stack of cards, so that a branch stands together in the order of the story.
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) next();
  }

  private later(tasks: readonly (() => void)[]): void {
    for (const task of [...tasks].reverse()) this.waiting.push(task);
  }

  private addRoot(id: string): void {
    const step = this.index.node(id);
    if (step?.type !== 'step' || this.cardOf.has(id)) return;
    this.add({ ...this.base(id, [id]), kind: 'step', step } as Card, [id]);
  }

  private addDelivery(id: string): void {
    const delivery = this.index.delivery(id);
    if (!delivery || this.cardOf.has(id)) return;
    const event = this.index.event(delivery.event) ?? null;
    this.add({ ...this.base(id, [id]), kind: 'delivery', delivery, event } as Card, [id]);
  }

  private addStack(ids: readonly string[]): void {
    const deliveries = ids.flatMap((id) => {
      const delivery = this.index.delivery(id);
      return delivery && !this.cardOf.has(id) ? [delivery] : [];
    });
    const [first] = deliveries;
    if (!first) return;
    const event = this.index.event(first.event);
    const id = `stack:${event?.producer ?? ''}:${event?.eventName ?? ''}:${first.consumer}:${first.event}`;
    const isOpen = this.options.open.has(id);
    this.cardOf.set(id, id);
    this.add({ ...this.base(id, ids), kind: 'stack', deliveries, event, isOpen } as Card, ids);
  }

  private addEvents(events: readonly EventNode[]): void {
    const fresh = events.filter(({ id }) => !this.cardOf.has(id));
    const [first] = fresh;
    if (!first) return;
    const ids = fresh.map(({ id }) => id);
    this.add({ ...this.base(first.id, ids), pills: [], kind: first.kind, events: fresh } as Card, ids);
    this.later(this.receivers(fresh));
  }

  /** What a card holds beside what it is; its events hang deliveries on it. */
  private base(id: string, owners: readonly string[]): Omit<Draft, 'kind'> {
    const pills = this.pills(owners);
    const { rows, more } =
      owners.length === 1 ? stepRows(this.index, owners[0]!, this.options.brokerSpans) : NO_ROWS;
    const isCritical = owners.some(
      (owner) => this.index.critical.has(owner) || this.isAttemptCritical(owner),
    );
    return { id, node: id, pills, rows, moreSteps: more, isCritical };
  }

  private isAttemptCritical(owner: string): boolean {
    const delivery = this.index.delivery(owner);
    return delivery?.attempts.some((attempt) => this.index.critical.has(attempt)) ?? false;
  }

  private add(card: Card, members: readonly string[]): void {
    this.cards.push(card);
    for (const member of members) {
      this.cardOf.set(member, card.id);
      for (const attempt of this.index.delivery(member)?.attempts ?? []) this.cardOf.set(attempt, card.id);
      for (const step of this.index.stepsOf(member)) this.cardOf.set(step.id, card.id);
    }
    const tasks: (() => void)[] = [];
    for (const pill of card.pills) {
      for (const event of pill.events) {
        this.cardOf.set(event.id, card.id);
        this.pillOf.set(event.id, pill.id);
      }
      tasks.push(...this.receivers(pill.events));
    }
    const loose = members.flatMap((member) => this.loose.get(member) ?? []);
    const below = card.pills.flatMap((pill) => pill.events).flatMap(({ id }) => this.loose.get(id) ?? []);
    for (const events of groups([...loose, ...below], eventKind, STACK_ABOVE))
      tasks.push(() => this.addEvents(events));
    this.later(tasks);
  }

  private pills(owners: readonly string[]): Pill[] {
    const events = owners.flatMap((owner) => this.docked.get(owner) ?? []);
    const most = owners.length > 1 ? 0 : STACK_ABOVE;
    return groups(events, eventKind, most).map((group) => {
      const [first] = group as [EventNode, ...EventNode[]];
      const weakest = group
        .flatMap(({ id }) => this.index.causes(id))
        .filter((cause) => certaintyOf(cause) === 'guessed')
        .sort((a, b) => a.confidence - b.confidence)[0];
      return {
        id: first.id,
        name: first.eventName,
        events: group,
        isCritical: group.some(({ id }) => this.index.critical.has(id)),
        doubt: weakest ? certaintyWords(weakest) : null,
      };
    });
  }

  /** The branches of some events: those of one consumer together. */
  private receivers(events: readonly EventNode[]): (() => void)[] {
    const deliveries = events.flatMap(({ id }) => this.index.deliveriesOf(id));
    const byConsumer = groupBy(deliveries, ({ consumer }) => consumer);
    const starts: { id: string; run: () => void }[] = [];
    for (const like of byConsumer.values()) {
      const { alone, stack } = stackLike(like);
      for (const { id } of alone) starts.push({ id, run: () => this.addDelivery(id) });
      const [first] = stack;
      if (first) starts.push({ id: first.id, run: () => this.addStack(stack.map(({ id }) => id)) });
    }
    for (const event of events) {
      for (const loose of groups(this.loose.get(event.id) ?? [], eventKind, STACK_ABOVE)) {
        starts.push({ id: loose[0]!.id, run: () => this.addEvents(loose) });
      }
    }
    return starts.sort((a, b) => this.index.compare(a.id, b.id)).map(({ run }) => run);
  }
}

const NO_ROWS = { rows: [], more: 0 } as const;

function eventKind(event: EventNode): string {
  return `${event.kind}\0${event.eventName}\0${event.destination ?? ''}\0${event.error ? 'failed' : ''}`;
}

/** Like ones together where they are more than `most`, single ones otherwise; each where its first stood. */
function groups<Value>(values: readonly Value[], kind: (value: Value) => string, most: number): Value[][] {
  const byKind = groupBy(values, kind);
  return [...byKind.values()].flatMap((group) => (group.length > most ? [group] : group.map((one) => [one])));
}
