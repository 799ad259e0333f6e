import { Icon } from '../../icons/Icon.js';
import { formatCount, formatOffset } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import type { Card } from '../scene/Scene.js';
import { useGraphContext } from './GraphContext.js';

/** The events that a card published, docked in its foot; lines start at their ends. */
export function Pills({ card }: { readonly card: Card }) {
  const { index, selected, select } = useGraphContext();
  if (card.pills.length === 0) return null;
  return (
    <div className="pills">
      {card.pills.map((pill) => {
        const [first] = pill.events;
        const isSelected = pill.events.some(({ id }) => id === selected);
        const count = pill.events.length;
        return (
          <button
            key={pill.id}
            type="button"
            className={`pill${pill.isCritical ? ' is-critical' : ''}${isSelected ? ' is-selected' : ''}${pill.doubt ? ' is-doubtful' : ''}`}
            title={pill.doubt ? `publisher ${pill.doubt}` : undefined}
            onClick={() => select(pill.id)}
          >
            <Icon name={first!.error ? 'failed' : 'event'} size={11} />
            <Text className="mono cut" value={pill.name} max={60} />
            {first!.error && <span className="t-fail">never published</span>}
            <span className="mono faint pill-end">
              {count > 1 ? `×${formatCount(count)}` : formatOffset(index.timeOf(first!.id), index.start)}
            </span>
          </button>
        );
      })}
    </div>
  );
}

/** The steps within a card. */
export function StepRows({ card }: { readonly card: Card }) {
  const { selected, select } = useGraphContext();
  if (card.rows.length === 0) return null;
  return (
    <ul className="step-rows">
      {card.rows.map(({ step, depth }) => (
        <li key={step.id} className={`step-depth-${Math.min(depth, 4)}`}>
          <button
            type="button"
            className={`step-row${step.layer === 'transport' ? ' is-broker' : ''}${selected === step.id ? ' is-selected' : ''}`}
            onClick={() => select(step.id)}
          >
            <span className={step.error ? 't-fail' : 'faint'}>
              <Icon name={step.error ? 'failed' : 'step'} size={10} />
            </span>
            <Text className="cut" value={step.step} max={60} />
            {step.error && <span className="t-fail">failed</span>}
          </button>
        </li>
      ))}
      {card.moreSteps > 0 && <li className="faint step-more">and {card.moreSteps} more in the panel</li>}
    </ul>
  );
}
