import type { GraphNode } from '@upshot/model';
import { useState } from 'react';
import { Link } from 'wouter';
import { Icon } from '../icons/Icon.js';
import { workflowPath } from '../url/paths.js';
import { bothClocks, counted, formatClock, formatCount, formatOffset, nanos } from '../words/format.js';
import { Text } from '../words/Text.js';
import { nodeKind, nodeState } from '../workflow/model/nodeNames.js';
import { type EventListLine, lineName } from './foldLike.js';

/** Lines on each side, and nodes of an opened one. */
export const MOST_LINES = 200;

/** Many like nodes as one line, which opens. */
export function LikeLines({
  line: { name, nodes },
  time,
  eventId,
}: {
  readonly line: EventListLine & { kind: 'like' };
  readonly time: bigint;
  readonly eventId: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const first = nodes[0]!;
  const state = nodeState(first);
  return (
    <>
      <li>
        <span className={`t-${state.tone}`}>
          <Icon name={state.icon} />
        </span>
        <span className="event-words">
          <Text className={first.type === 'event' ? 'mono' : 'strong'} value={name} max={80} />{' '}
          <span className="count">×{formatCount(nodes.length)}</span>{' '}
          <span className="quiet">
            {first.type === 'attempt' ? 'attempt' : nodeKind(first)}
            {first.type !== 'event' && first.type !== 'step' && `, ${state.word}`}
          </span>
        </span>
        <button
          type="button"
          className="button small"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Close' : 'Open'}
        </button>
      </li>
      {isOpen &&
        nodes
          .slice(0, MOST_LINES)
          .map((node) => <EventLine key={node.id} node={node} time={time} eventId={eventId} />)}
      {isOpen && nodes.length > MOST_LINES && (
        <li className="quiet">
          and {counted(nodes.length - MOST_LINES, 'more')}; the workflow shows them all
        </li>
      )}
    </>
  );
}

export function EventLine({
  node,
  time,
  eventId,
}: {
  readonly node: GraphNode;
  readonly time: bigint;
  readonly eventId: string;
}) {
  const state = nodeState(node);
  const at =
    node.type === 'event'
      ? nanos(node.timeUnixNano)
      : node.type === 'delivery'
        ? null
        : nanos(node.startTimeUnixNano);
  const error = node.type === 'attempt' || node.type === 'step' ? node.error : null;
  return (
    <li>
      <span className={`t-${state.tone}`}>
        <Icon name={state.icon} />
      </span>
      <span className="event-words">
        <Link href={workflowPath(eventId, node.id)}>
          <Text className={node.type === 'event' ? 'mono' : 'strong'} value={lineName(node)} max={80} />
        </Link>{' '}
        <span className="quiet">
          {nodeKind(node)}
          {node.type !== 'event' && node.type !== 'step' && `, ${state.word}`}
        </span>
        {error && (
          <>
            {' '}
            <Text className="t-fail" value={error.message || error.type} max={120} />
          </>
        )}
      </span>
      {at !== null && (
        <time className="mono quiet" title={bothClocks(at)}>
          {formatClock(at)} <span className="faint">{formatOffset(at, time)}</span>
        </time>
      )}
    </li>
  );
}
