import { Icon } from '../../icons/Icon.js';
import { formatDuration, nanos } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import { nodeState } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { stepRows } from '../scene/stepRows.js';
import type { Selection } from './selection.js';

const MOST = 40;

/** All steps within a delivery or below a root step, with their broker spans. */
export function StepsWithin({
  index,
  selection,
  select,
}: {
  readonly index: WorkflowIndex;
  readonly selection: Selection;
  readonly select: (node: string) => void;
}) {
  const owner =
    selection.type === 'delivery'
      ? selection.delivery.id
      : selection.type === 'step'
        ? selection.step.id
        : null;
  const { rows, more } = owner === null ? { rows: [], more: 0 } : stepRows(index, owner, true, MOST);
  if (rows.length === 0) return null;
  return (
    <div className="panel-part">
      <h3>Steps within</h3>
      <ul className="neighbours">
        {rows.map(({ step, depth }) => {
          const state = nodeState({ type: 'step', ...step });
          return (
            <li key={step.id} style={{ paddingLeft: Math.min(depth, 6) * 10 }}>
              <span className={`t-${state.tone}`}>
                <Icon name={state.icon} size={13} />
              </span>
              <button type="button" className="link cut" onClick={() => select(step.id)}>
                <Text value={step.step} max={60} />
              </button>
              <span className="quiet small cut">
                {step.error ? 'failed, ' : ''}
                {formatDuration(nanos(step.endTimeUnixNano) - nanos(step.startTimeUnixNano))}
              </span>
            </li>
          );
        })}
      </ul>
      {more > 0 && <p className="quiet">and {more} more</p>}
    </div>
  );
}
