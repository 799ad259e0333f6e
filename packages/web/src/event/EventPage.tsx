import './EventPage.css';
import { useQuery } from '@tanstack/react-query';
import type { EventAnswer, GraphNode } from '@upshot/model';
import { useEffect, useMemo } from 'react';
import { Link } from 'wouter';
import { getJson } from '../api/client.js';
import { CopyButton } from '../icons/CopyButton.js';
import { Icon } from '../icons/Icon.js';
import { eventPath, restOfPath, workflowPath } from '../url/paths.js';
import { bothClocks, counted, formatCount, formatTimestamp, nanos } from '../words/format.js';
import { Text } from '../words/Text.js';
import { EventLine, LikeLines, MOST_LINES } from './EventLines.js';
import { foldLike } from './foldLike.js';

/** One event: what caused it, up to the root, and everything that it led to. */
export function EventPage() {
  const eventId = restOfPath('/events/');
  const answer = useQuery({
    queryKey: ['event', eventId],
    queryFn: ({ signal }) => getJson<EventAnswer>(`/api/events/${encodeURIComponent(eventId)}`, signal),
    refetchInterval: 10_000,
  });
  useEffect(() => {
    document.title = `${eventId.slice(0, 80)} · Upshot`;
  }, [eventId]);
  if (answer.error && !answer.data)
    return (
      <div className="notice" role="alert">
        <h1>This event could not be shown</h1>
        <p>{answer.error.message}</p>
      </div>
    );
  if (!answer.data)
    return (
      <div className="notice" aria-busy="true">
        <h1>{eventId.slice(0, 80)}</h1>
        <span className="skeleton event-waiting" />
      </div>
    );
  const { event, causes, effects } = answer.data;
  const time = nanos(event.timeUnixNano);
  return (
    <div className="event-page">
      <header className="page-head event-head">
        <Icon name="event" />
        <h1>
          <Text className="mono" value={event.eventName} max={100} />
        </h1>
        <span className="quiet">{event.kind === 'event' ? 'event' : event.kind.replace('-', ' ')}</span>
        <span className="spring" />
        <Link className="button" href={workflowPath(eventId, event.id)}>
          Show its workflow
        </Link>
      </header>
      <dl className="facts event-facts">
        <Fact name="eventId" value={event.eventId} copied />
        <Fact name="correlationId" value={event.correlationId} copied />
        <Fact
          name="causationId"
          value={event.causationId}
          copied
          href={event.causationId ? eventPath(event.causationId) : undefined}
        />
        <Fact name="traceId" value={event.traceId} copied />
        <Fact name="spanId" value={event.spanId} copied />
        <Fact name="Published" value={formatTimestamp(time)} title={bothClocks(time)} />
        <Fact name="By" value={event.producer || 'a publisher that was not seen'} />
        <Fact
          name="To"
          value={event.destination && `${event.destination}${event.system ? ` (${event.system})` : ''}`}
        />
      </dl>
      <div className="event-columns">
        <Column
          title="What caused it, nearest first"
          none="Nothing that is known: it is where this began, or its cause was not seen."
          nodes={causes}
          time={time}
          eventId={eventId}
        />
        <Column
          title="What it led to, nearest first"
          none="Nothing that is known yet."
          nodes={effects}
          time={time}
          eventId={eventId}
        />
      </div>
    </div>
  );
}

function Fact({
  name,
  value,
  title,
  copied = false,
  href,
}: {
  readonly name: string;
  readonly value: string | null;
  readonly title?: string;
  readonly copied?: boolean;
  readonly href?: string | undefined;
}) {
  if (!value) return null;
  const text = <Text className={copied ? 'mono' : undefined} value={value} max={120} />;
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title}>
        {href ? <Link href={href}>{text}</Link> : text}
        {copied && <CopyButton text={value} what={name} />}
      </dd>
    </div>
  );
}

function Column({
  title,
  none,
  nodes,
  time,
  eventId,
}: {
  readonly title: string;
  readonly none: string;
  readonly nodes: readonly GraphNode[];
  readonly time: bigint;
  readonly eventId: string;
}) {
  const lines = useMemo(() => foldLike(nodes), [nodes]);
  return (
    <section className="card">
      <h2>
        {title} <span className="count">{formatCount(nodes.length)}</span>
      </h2>
      {nodes.length === 0 && <p className="quiet">{none}</p>}
      <ol className="event-nodes">
        {lines
          .slice(0, MOST_LINES)
          .map((line) =>
            line.kind === 'node' ? (
              <EventLine key={line.node.id} node={line.node} time={time} eventId={eventId} />
            ) : (
              <LikeLines key={line.nodes[0]!.id} line={line} time={time} eventId={eventId} />
            ),
          )}
      </ol>
      {lines.length > MOST_LINES && (
        <p className="quiet">
          and {counted(lines.length - MOST_LINES, 'more line')}; the workflow shows them all
        </p>
      )}
    </section>
  );
}
