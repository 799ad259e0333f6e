import { counted, formatCount } from '../../words/format.js';
import { DELIVERY_STATES } from '../../words/states.js';
import { deliveryStep } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card } from '../scene/Scene.js';
import { statusCounts } from '../scene/stackGroups.js';

/** A card in words, for who does not see it: `send-warehouse-webhook, dead-lettered, 4 attempts failed`. */
export function cardName(index: WorkflowIndex, card: Card): string {
  const published = card.pills.map(
    (pill) => pill.name + (pill.events.length > 1 ? ` ×${pill.events.length}` : ''),
  );
  const tail = published.length > 0 ? `, published ${published.join(', ')}` : '';
  switch (card.kind) {
    case 'step':
      return `${card.step.step}, step of ${card.step.service}${card.step.error ? ', failed' : ''}${tail}`;
    case 'delivery': {
      const attempts = index.attempts(card.delivery);
      const failed = attempts.filter(({ outcome }) => outcome === 'failed').length;
      const tries = failed > 0 ? `, ${counted(failed, 'attempt')} failed` : '';
      return `${deliveryStep(index, card.delivery)}, ${DELIVERY_STATES[card.delivery.status].word}${tries}${tail}`;
    }
    case 'stack': {
      const counts = statusCounts(card.deliveries).map(
        ([status, count]) => `${formatCount(count)} ${status}`,
      );
      return `${deliveryStep(index, card.deliveries[0]!)}, stack of ${counted(card.deliveries.length, 'branch', 'branches')}: ${counts.join(', ')}${tail}`;
    }
    default: {
      const [first] = card.events;
      const kind = card.kind === 'dead-letter' ? 'dead letter' : card.kind;
      const times = card.events.length > 1 ? ` ×${card.events.length}` : '';
      return `${kind} ${first!.eventName}${times}${first!.destination ? ` in ${first!.destination}` : ''}`;
    }
  }
}
