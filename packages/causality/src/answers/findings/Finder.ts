import type { RuleChecker } from '@upshot/conventions';
import type { DeliveryStatus, Finding, Hop } from '@upshot/model';
import type { DeliveryDraft, EventDraft } from '../../graph/nodes.js';
import type { Workflow } from '../Workflow.js';

/** What a finder may judge by: one workflow, the states of its branches, and the clock. */
export interface Judged {
  readonly workflow: Workflow;
  readonly statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>;
  readonly nowUnixNano: bigint;
  /** The project's conventions; null where there are none. */
  readonly checker: RuleChecker | null;
}

/** Finds one sort of thing that an operator should know. Pure; findings come in the order of the workflow's nodes. */
export type Finder = (judged: Judged) => Finding[];

/** More nodes than this are counted in the message and not listed. */
export const MAX_NODES_OF_FINDING = 100;

export function hopOf(event: EventDraft, consumer: string): Hop {
  return { producer: event.producer, eventName: event.eventName, destination: event.destination, consumer };
}

/** Findings that share a hop are one. */
export function byHop<Item>(
  items: readonly Item[],
  hop: (item: Item) => Hop,
): Map<string, { hop: Hop; items: Item[] }> {
  const groups = new Map<string, { hop: Hop; items: Item[] }>();
  for (const item of items) {
    const of = hop(item);
    const key = JSON.stringify([of.producer, of.eventName, of.destination, of.consumer]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { hop: of, items: [item] });
    else group.items.push(item);
  }
  return groups;
}

export function listed(ids: readonly string[]): string[] {
  return ids.slice(0, MAX_NODES_OF_FINDING);
}
