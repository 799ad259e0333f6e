import { DELIVERY_STATES, type Tone } from '../../words/states.js';
import type { Card } from '../scene/Scene.js';
import { statusCounts } from '../scene/stackGroups.js';

/** The hue of a card: that of its state; of a stack, that of its worst branches. */
export function cardTone(card: Card): Tone {
  switch (card.kind) {
    case 'step':
      return card.step.error ? 'fail' : 'plain';
    case 'delivery':
      return DELIVERY_STATES[card.delivery.status].tone;
    case 'stack':
      return DELIVERY_STATES[statusCounts(card.deliveries)[0]![0]].tone;
    case 'dead-letter':
      return 'dead';
    case 'event':
    case 'replay':
      return 'plain';
  }
}
