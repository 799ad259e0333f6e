import { Icon } from '../../icons/Icon.js';
import { DELIVERY_STATES } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import { AttemptStrip } from '../AttemptStrip.js';
import { deliveryTimes } from '../model/attemptTimes.js';
import { deliveryStep } from '../model/nodeNames.js';
import type { Card } from '../scene/Scene.js';
import { useGraphContext } from './GraphContext.js';
import { Pills, StepRows } from './Pills.js';

/** One event for one consumer, with every attempt. */
export function DeliveryCard({
  card,
  selected,
}: {
  readonly card: Card & { kind: 'delivery' };
  readonly selected: string | null;
}) {
  const { index } = useGraphContext();
  const { delivery } = card;
  const state = DELIVERY_STATES[delivery.status];
  const attempts = index.attempts(delivery);
  const missing = delivery.status === 'missing' ? index.findingsOf(delivery.id)[0] : undefined;
  return (
    <>
      <div className="gcard-title">
        <span className={`t-${state.tone}`}>
          <Icon name={state.icon} />
        </span>
        <Text
          className={`strong cut ${missing ? 't-miss' : ''}`}
          value={deliveryStep(index, delivery)}
          max={60}
        />
      </div>
      <div className="gcard-sub">
        <span className={`strong t-${state.tone}`}>{state.word}</span>
        <span>·</span>
        <Text className="cut" value={delivery.consumer} max={60} />
      </div>
      {delivery.status === 'missing' ? (
        <div className="gcard-evidence small">
          <Text value={evidenceOf(missing?.message)} max={160} />
        </div>
      ) : (
        <div className="gcard-strip">
          {attempts.length > 0 ? (
            <AttemptStrip attempts={attempts} selected={selected} />
          ) : (
            <span className="faint">no attempt seen</span>
          )}
          <span className="quiet small cut">{deliveryTimes(attempts)}</span>
        </div>
      )}
      <StepRows card={card} />
      <Pills card={card} />
    </>
  );
}

/** Why it is missed. Who misses what is said by the card and by the line that leads to it. */
function evidenceOf(message: string | undefined): string {
  if (message === undefined) return 'expected here, and never seen';
  return message.slice(message.indexOf(': ') + 1).trim();
}
