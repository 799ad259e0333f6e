import { type Node, type NodeProps, useStore } from '@xyflow/react';
import { memo } from 'react';
import { Icon } from '../../icons/Icon.js';
import { cutText } from '../../words/cutText.js';
import { safeText } from '../../words/format.js';
import type { Card } from '../scene/Scene.js';
import { cardName } from './cardName.js';
import { cardTone } from './cardTone.js';
import { DeliveryCard } from './DeliveryCard.js';
import { EventCard, LetterCard } from './EventCards.js';
import { useGraphContext } from './GraphContext.js';
import { StackCard } from './StackCard.js';
import { StepCard } from './StepCard.js';

export type CardNodeType = Node<{ readonly card: Card; readonly doubts: readonly string[] }, 'card'>;

/** Below this zoom no text is readable: a card is a patch in the hue of its state, which costs next to nothing. */
const PATCH_BELOW = 0.32;

/** A card of the graph. The whole of it selects; a pill or a step in it selects that. */
export const CardNode = memo(function CardNode({ data: { card, doubts } }: NodeProps<CardNodeType>) {
  const { index, selected, selectedCard, select, faded, isPictured } = useGraphContext();
  const isFar = useStore((state) => state.transform[2] < PATCH_BELOW);
  const isPatch = isFar && !isPictured;
  const isSelected = selectedCard === card.id;
  const classes = ['gcard', `gcard-${card.kind}`, `tone-${cardTone(card)}`];
  if (isSelected) classes.push('is-selected');
  if (faded?.has(card.id)) classes.push('is-faded');
  if (card.kind === 'delivery' && card.delivery.status === 'missing') classes.push('is-ghost');
  if (card.isCritical) classes.push('is-critical');
  if (isPatch) return <div className={[...classes, 'is-patch'].join(' ')} />;
  const open = (
    <button
      type="button"
      className="gcard-hit"
      aria-label={cutText(safeText(cardName(index, card)), 300)}
      aria-pressed={isSelected}
      onClick={() => select(card.node)}
    />
  );
  return (
    <div className={classes.join(' ')}>
      {doubts.length > 0 && (
        <span className="doubt">
          <Icon name="broken" size={13} /> {doubts.join('; ')}
        </span>
      )}
      {open}
      <Body card={card} selected={selected} />
    </div>
  );
});

function Body({ card, selected }: { readonly card: Card; readonly selected: string | null }) {
  switch (card.kind) {
    case 'step':
      return <StepCard card={card} />;
    case 'delivery':
      return <DeliveryCard card={card} selected={selected} />;
    case 'stack':
      return <StackCard card={card} />;
    case 'event':
      return <EventCard card={card} />;
    case 'dead-letter':
    case 'replay':
      return <LetterCard card={card} />;
  }
}
