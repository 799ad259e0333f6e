import './OutlineView.css';
import { Icon } from '../../icons/Icon.js';
import { formatOffset } from '../../words/format.js';
import { DELIVERY_STATES, type State } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import { AttemptStrip } from '../AttemptStrip.js';
import { cardName } from '../graph/cardName.js';
import { deliveryTimes } from '../model/attemptTimes.js';
import { deliveryStep, errorWords, lastError } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card, Scene } from '../scene/Scene.js';
import { statusCounts } from '../scene/stackGroups.js';

/** The graph where there is no room for one: the same cards, icons and attempts as an outline. */
export function OutlineView({
  index,
  scene,
  selected,
  select,
}: {
  readonly index: WorkflowIndex;
  readonly scene: Scene;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
}) {
  const depths = new Map<string, number>();
  const doubts = new Map<string, string>();
  for (const edge of scene.edges) {
    if (!depths.has(edge.to)) depths.set(edge.to, (depths.get(edge.from) ?? 0) + 1);
    if (edge.words !== null) doubts.set(edge.to, edge.words);
  }
  const selectedCard = selected === null ? null : scene.cardOf.get(selected);
  return (
    <ul className="outline">
      {scene.cards.map((card) => {
        const { state, name, sub } = lineOf(index, card);
        const doubt = doubts.get(card.id);
        const error = card.kind === 'delivery' ? lastError(index, card.delivery) : null;
        const isBad =
          card.kind === 'delivery' &&
          (card.delivery.status === 'failed' || card.delivery.status === 'dead-lettered');
        const attempts = card.kind === 'delivery' ? index.attempts(card.delivery) : [];
        return (
          <li
            key={card.id}
            className={`outline-item${selectedCard === card.id ? ' is-selected' : ''}${isBad ? ` b-${state.tone}` : ''}`}
            style={{ paddingLeft: 12 + Math.min(depths.get(card.id) ?? 0, 12) * 22 }}
          >
            <button
              type="button"
              className="outline-hit"
              aria-label={cardName(index, card).slice(0, 300)}
              onClick={() => select(card.node)}
            />
            <span className={`t-${state.tone}`}>
              <Icon name={state.icon} />
            </span>
            <span className="outline-words">
              <Text className="strong" value={name} max={60} />
              <span className="small">
                <b className={`t-${state.tone}`}>{state.word}</b>{' '}
                <Text className="quiet" value={sub} max={80} />
              </span>
              {attempts.length > 1 && <AttemptStrip attempts={attempts} selected={selected} />}
              {isBad && error && <Text className="mono t-fail small" value={errorWords(error)} max={160} />}
              {doubt && (
                <span className="small quiet state-word">
                  <span className="t-retry">
                    <Icon name="broken" size={13} />
                  </span>
                  {doubt}
                </span>
              )}
              {card.pills.map((pill) => (
                <span key={pill.id} className="outline-event small">
                  <Icon name="event" size={11} />
                  <Text className="mono" value={pill.name} max={40} />
                  <span className="faint">
                    {pill.events.length > 1
                      ? `×${pill.events.length}`
                      : formatOffset(index.timeOf(pill.id), index.start)}
                  </span>
                </span>
              ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function lineOf(index: WorkflowIndex, card: Card): { state: State; name: string; sub: string } {
  switch (card.kind) {
    case 'step':
      return {
        state: card.step.error
          ? { tone: 'fail', icon: 'failed', word: 'failed' }
          : { tone: 'plain', icon: 'step', word: '' },
        name: card.step.step,
        sub: card.step.service,
      };
    case 'delivery': {
      const attempts = index.attempts(card.delivery);
      const times = attempts.length === 1 ? `, ${deliveryTimes(attempts)}` : '';
      return {
        state: DELIVERY_STATES[card.delivery.status],
        name: deliveryStep(index, card.delivery),
        sub: card.delivery.consumer + times,
      };
    }
    case 'stack': {
      const counts = statusCounts(card.deliveries);
      return {
        state: DELIVERY_STATES[counts[0]![0]],
        name: `${deliveryStep(index, card.deliveries[0]!)} ×${card.deliveries.length}`,
        sub: counts.map(([status, count]) => `${count} ${status}`).join(', '),
      };
    }
    default:
      return {
        state: {
          tone: card.kind === 'dead-letter' ? 'dead' : 'plain',
          icon: card.kind === 'dead-letter' ? 'dead-lettered' : card.kind === 'replay' ? 'replay' : 'event',
          word: card.kind === 'dead-letter' ? 'dead letter' : card.kind,
        },
        name: card.events[0]!.eventName,
        sub: card.events[0]!.destination ?? '',
      };
  }
}
