import { deliveryStep } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card } from './Scene.js';
import { stackGroups } from './stackGroups.js';

/** Pixels; the style sheet of the cards draws to the same measures. */
export const CARD = {
  stepWidth: 190,
  deliveryWidth: 238,
  openWidth: 488,
  letterWidth: 158,
  pillHeight: 24,
  /** Below the last pill. */
  foot: 7,
  /** A pill and the room above it. */
  pillRow: 32,
  /** How far a pill sticks out of its card on the right: lines start there. */
  pillOut: 11,
  stepRow: 18,
  titleLine: 18,
  /** The line of the title: lines end there. */
  portY: 27,
  /** Lines to one card from different sources end so far below each other. */
  portGap: 22,
} as const;

/** Characters of a title that fit one line, for certain, at 13 px semi-bold; longer ones take two. */
export const DELIVERY_TITLE = 24;
export const STEP_TITLE = 17;

/** Groups that an open stack shows; what is beyond says how many. */
export const MOST_GROUPS = 8;
/** Branches that an open group shows at first. */
export const FIRST_BRANCHES = 3;

/** How an open stack stands: which group is unfolded, and how many of its branches are shown. */
export interface StackView {
  readonly group: string | null;
  readonly shown: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function cardSize(index: WorkflowIndex, card: Card, view?: StackView): Size {
  const below = card.pills.length * CARD.pillRow + (card.pills.length > 0 ? 6 : 0);
  const steps = card.rows.length * CARD.stepRow + (card.moreSteps > 0 ? CARD.stepRow : 0);
  switch (card.kind) {
    case 'step': {
      const title = card.step.step.length > STEP_TITLE ? CARD.titleLine : 0;
      return { width: CARD.stepWidth, height: 52 + title + steps + below };
    }
    case 'delivery': {
      const title = deliveryStep(index, card.delivery).length > DELIVERY_TITLE ? CARD.titleLine : 0;
      return card.delivery.status === 'missing'
        ? { width: CARD.deliveryWidth, height: 110 + title }
        : { width: CARD.deliveryWidth, height: 86 + title + steps + below };
    }
    case 'stack': {
      if (!card.isOpen) return { width: CARD.deliveryWidth, height: 84 + below };
      return { width: CARD.openWidth, height: openHeight(index, card, view) + below };
    }
    case 'event':
      return { width: 212, height: CARD.pillHeight };
    case 'dead-letter':
      return { width: CARD.letterWidth, height: 94 };
    case 'replay':
      return { width: CARD.letterWidth, height: 60 };
  }
}

function openHeight(
  index: WorkflowIndex,
  card: Card & { kind: 'stack' },
  view: StackView | undefined,
): number {
  const groups = stackGroups(index, card.deliveries);
  const open = groups.find(({ id }) => id === (view?.group ?? groups[0]?.id));
  const lines = Math.min(groups.length, MOST_GROUPS) + (groups.length > MOST_GROUPS ? 1 : 0);
  const shown = Math.min(open?.deliveries.length ?? 0, view?.shown ?? FIRST_BRANCHES);
  const more = open && open.deliveries.length > shown ? 1 : 0;
  return 110 + (lines + shown + more) * 27;
}

/** Where a line starts at a card's right side: the middle of its pill, else the line of its title. Relative to the card. */
export function outPort(
  card: Card,
  size: Size,
  pill: string | null,
): { readonly x: number; readonly y: number } {
  const at = pill === null ? -1 : card.pills.findIndex(({ id }) => id === pill);
  if (at < 0) return { x: size.width, y: Math.min(CARD.portY, size.height / 2) };
  const below = card.pills.length - 1 - at;
  return {
    x: size.width + CARD.pillOut,
    y: size.height - CARD.foot - CARD.pillHeight / 2 - below * CARD.pillRow,
  };
}

/** Where a line ends at a card's left side, the `place`th from above. Relative to the card. */
export function inPort(size: Size, place: number): { readonly x: number; readonly y: number } {
  const first = Math.min(CARD.portY, size.height / 2);
  return { x: 0, y: Math.min(first + place * CARD.portGap, Math.max(first, size.height - 8)) };
}
