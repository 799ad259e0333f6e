import type { Cause, DeliveryNode, EventNode, StepNode } from '@upshot/model';
import type { Certainty } from '../../words/evidence.js';

/** An event in the foot of the card that published it; many of one name are one pill. */
export interface Pill {
  readonly id: string;
  readonly name: string;
  readonly events: readonly EventNode[];
  readonly isCritical: boolean;
  /** How it is known who published it; null: declared. */
  readonly doubt: string | null;
}

/** A step inside a card, by its depth below what the card stands for. */
export interface StepRow {
  readonly step: StepNode;
  readonly depth: number;
}

interface CardBase {
  readonly id: string;
  /** The node that is selected with the card. */
  readonly node: string;
  readonly pills: readonly Pill[];
  readonly rows: readonly StepRow[];
  /** Steps that are not among the rows. */
  readonly moreSteps: number;
  readonly isCritical: boolean;
}

export type Card = CardBase &
  (
    | { readonly kind: 'step'; readonly step: StepNode }
    | { readonly kind: 'delivery'; readonly delivery: DeliveryNode; readonly event: EventNode | null }
    | {
        readonly kind: 'stack';
        readonly deliveries: readonly DeliveryNode[];
        readonly event: EventNode | null;
        readonly isOpen: boolean;
      }
    | { readonly kind: 'event'; readonly events: readonly EventNode[] }
    | { readonly kind: 'dead-letter' | 'replay'; readonly events: readonly EventNode[] }
  );

/** A line from a card, or from a pill of it, to another card. */
export interface SceneEdge {
  readonly id: string;
  readonly from: string;
  /** The pill that it starts at; null: the card itself. */
  readonly pill: string | null;
  readonly to: string;
  /** Of the weakest of its causes. */
  readonly certainty: Certainty;
  /** What must be said of it; null: declared. */
  readonly words: string | null;
  readonly causes: readonly Cause[];
  readonly isCritical: boolean;
  /** To a delivery that was expected and not seen. */
  readonly isGhost: boolean;
}

/** What is drawn of a workflow, before it has places. */
export interface Scene {
  /** In the order of the story: what caused something stands before it. */
  readonly cards: readonly Card[];
  readonly edges: readonly SceneEdge[];
  /** The card that a node is shown in. */
  readonly cardOf: ReadonlyMap<string, string>;
}

export interface SceneOptions {
  /** Show transport spans as well. */
  readonly brokerSpans: boolean;
  /** Stacks that are open, by card ID. */
  readonly open: ReadonlySet<string>;
}
