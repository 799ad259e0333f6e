import { Icon } from '../../icons/Icon.js';
import { formatDuration, nanos } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import type { Card } from '../scene/Scene.js';
import { Pills, StepRows } from './Pills.js';

/** A step that nothing of this workflow caused: where it began. */
export function StepCard({ card }: { readonly card: Card & { kind: 'step' } }) {
  const { step } = card;
  return (
    <>
      <div className="gcard-title">
        <span className={step.error ? 't-fail' : ''}>
          <Icon name={step.error ? 'failed' : 'step'} size={14} />
        </span>
        <Text className="strong cut" value={step.step} max={60} />
      </div>
      <div className="gcard-sub">
        <Text className="cut" value={step.service} max={40} />
        <span className="gcard-time">
          {formatDuration(nanos(step.endTimeUnixNano) - nanos(step.startTimeUnixNano))}
        </span>
      </div>
      <StepRows card={card} />
      <Pills card={card} />
    </>
  );
}
