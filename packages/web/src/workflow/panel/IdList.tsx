import { CopyButton } from '../../icons/CopyButton.js';
import { Text } from '../../words/Text.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { idsOf, type NamedId, type Selection } from './selection.js';
import { useStoredSpans } from './useStoredSpans.js';

/** Every ID by its own name, whole, with a button that copies it. */
export function IdList({
  index,
  selection,
}: {
  readonly index: WorkflowIndex;
  readonly selection: Selection;
}) {
  const ids = idsOf(index, selection);
  const find = (name: string) => ids.find((id) => id.name === name)?.value;
  const spans = useStoredSpans(find('traceId') ?? '', find('spanId') ?? null);
  const parent = spans.data?.spans[0]?.parentSpanId;
  const all: NamedId[] = parent ? [...ids, { name: 'parentSpanId', value: parent }] : ids;
  if (all.length === 0) return null;
  return (
    <div className="panel-part">
      <div className="panel-line">
        <h3>IDs</h3>
        <span className="quiet">
          {selection.type === 'delivery' &&
            selection.attempt &&
            `of the event and of attempt ${selection.attempt.number}`}
        </span>
        <span className="spring" />
        <span className="quiet small">
          <kbd>c</kbd> copies all
        </span>
      </div>
      <dl className="ids">
        {all.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Text className="mono" value={value} max={300} />
              <CopyButton text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
