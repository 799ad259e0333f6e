import type { Cause } from '@upshot/model';
import { Icon } from '../../icons/Icon.js';
import { certaintyOf, certaintyWords, evidenceName } from '../../words/evidence.js';
import { formatCount } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import { nodeKind, nodeName, nodeState } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Selection } from './selection.js';

/** Neighbours that are listed; of more there is a number. */
const MOST = 12;

interface Neighbour {
  readonly id: string;
  readonly cause: Cause;
}

/** What caused the selection and what came of it, with the evidence in words. */
export function Neighbours({
  index,
  selection,
  select,
}: {
  readonly index: WorkflowIndex;
  readonly selection: Selection;
  readonly select: (node: string) => void;
}) {
  const ids = idsOf(selection);
  const own = new Set(ids);
  const unique = (list: readonly Neighbour[]) => [
    ...new Map(list.filter(({ id }) => !own.has(id)).map((one) => [one.id, one])).values(),
  ];
  const causes = unique(ids.flatMap((id) => index.causes(id).map((cause) => ({ id: cause.from, cause }))));
  const effects = unique(
    ids.flatMap((id) => index.effects(id).map((cause) => ({ id: cause.to, cause }))),
  ).filter(
    // Its own attempts stand in their table.
    ({ cause }) =>
      !(selection.type === 'delivery' && (cause.kind === 'attempted' || cause.kind === 'retried')),
  );
  return (
    <>
      <List
        title="Caused by"
        none="nothing: it began here, or its cause was not seen"
        neighbours={causes}
        index={index}
        select={select}
      />
      <List title="Led to" none="nothing that is known" neighbours={effects} index={index} select={select} />
    </>
  );
}

function idsOf(selection: Selection): string[] {
  switch (selection.type) {
    case 'stack':
      return [];
    case 'delivery':
      return [selection.delivery.id, ...selection.attempts.map(({ id }) => id)];
    case 'event':
      return [selection.event.id];
    case 'step':
      return [selection.step.id];
  }
}

function List({
  title,
  none,
  neighbours,
  index,
  select,
}: {
  readonly title: string;
  readonly none: string;
  readonly neighbours: readonly Neighbour[];
  readonly index: WorkflowIndex;
  readonly select: (node: string) => void;
}) {
  return (
    <div className="panel-part">
      <h3>{title}</h3>
      {neighbours.length === 0 && <p className="quiet">{none}</p>}
      <ul className="neighbours">
        {neighbours.slice(0, MOST).map(({ id, cause }) => {
          const node = index.node(id);
          if (!node) return null;
          const state = nodeState(node);
          return (
            <li key={id}>
              <span className={`t-${state.tone}`}>
                <Icon name={state.icon} />
              </span>
              <button type="button" className="link cut" onClick={() => select(id)}>
                <Text
                  className={node.type === 'event' ? 'mono' : undefined}
                  value={nodeName(index, node)}
                  max={50}
                />
              </button>
              <span className="quiet small cut">
                {nodeKind(node)}, {by(cause)}
              </span>
            </li>
          );
        })}
      </ul>
      {neighbours.length > MOST && <p className="quiet">and {formatCount(neighbours.length - MOST)} more</p>}
    </div>
  );
}

function by(cause: Cause): string {
  if (certaintyOf(cause) !== 'declared') return certaintyWords(cause) ?? '';
  return `by ${cause.evidence.slice(0, 2).map(evidenceName).join(' and ')}`;
}
