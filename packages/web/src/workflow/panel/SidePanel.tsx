import './SidePanel.css';
import { useQuery } from '@tanstack/react-query';
import type { About } from '@upshot/api-contract';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { getJson } from '../../api/client.js';
import { CopyButton } from '../../icons/CopyButton.js';
import { Glyph } from '../../icons/Glyph.js';
import { StateWord } from '../../icons/Icon.js';
import { eventPath } from '../../url/paths.js';
import { bothClocks, formatDuration, formatOffset, formatTimestamp, nanos } from '../../words/format.js';
import { DELIVERY_STATES } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import { deliveryStep, nodeState } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Scene } from '../scene/Scene.js';
import { AttemptsTable } from './AttemptsTable.js';
import { ErrorBlock } from './ErrorBlock.js';
import { IdList } from './IdList.js';
import { Neighbours } from './Neighbours.js';
import { NodeFindings } from './NodeFindings.js';
import { NodeLogs } from './NodeLogs.js';
import { RawSpan } from './RawSpan.js';
import { StackSummary } from './StackSummary.js';
import { StepsWithin } from './StepsWithin.js';
import { loggedNodes, type Selection, selectionOf } from './selection.js';

export const PANEL_ID = 'panel';

/** All that is known of what is selected. */
export function SidePanel({
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
  const selection = selectionOf(index, scene, selected);
  if (!selection) return null;
  const span = spanOf(selection);
  const logged = loggedNodes(selection);
  return (
    <section className="panel" id={PANEL_ID} aria-label="Selected" tabIndex={-1}>
      <Head index={index} selection={selection} onClose={() => select(null)} />
      {selection.type === 'delivery' && (
        <>
          <ErrorBlock attempts={selection.attempts} />
          {selection.attempts.length > 0 && (
            <AttemptsTable attempts={selection.attempts} selected={selected} select={select} />
          )}
        </>
      )}
      {selection.type === 'step' && selection.step.error && <ErrorBlock errors={[selection.step.error]} />}
      {selection.type === 'event' && selection.event.error && <ErrorBlock errors={[selection.event.error]} />}
      {selection.type === 'stack' ? (
        <StackSummary index={index} deliveries={selection.card.deliveries} select={select} />
      ) : (
        <>
          <NodeFindings index={index} selection={selection} />
          <NodeLogs key={logged[0]?.id} index={index} nodes={logged} />
          <IdList index={index} selection={selection} />
          <Neighbours index={index} selection={selection} select={select} />
          <StepsWithin index={index} selection={selection} select={select} />
          {span && (
            <>
              <TraceLinks traceId={span.traceId} spanId={span.spanId} />
              <RawSpan traceId={span.traceId} spanId={span.spanId} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function spanOf(selection: Selection): { traceId: string; spanId: string | null } | null {
  switch (selection.type) {
    case 'stack':
      return null;
    case 'delivery':
      return selection.attempt;
    case 'event':
      return selection.event;
    case 'step':
      return selection.step;
  }
}

function Head({
  index,
  selection,
  onClose,
}: {
  index: WorkflowIndex;
  selection: Selection;
  onClose: () => void;
}) {
  const { kind, title, state, sub } = headOf(index, selection);
  return (
    <div className="panel-part panel-head">
      <div className="panel-line">
        {state}
        <span className="spring" />
        <span className="quiet">{kind}</span>
        <button type="button" className="icon-button small" aria-label="Close the panel" onClick={onClose}>
          <Glyph name="close" />
        </button>
      </div>
      <h2>{title}</h2>
      <p className="quiet">{sub}</p>
    </div>
  );
}

function headOf(
  index: WorkflowIndex,
  selection: Selection,
): { kind: string; title: ReactNode; state: ReactNode; sub: ReactNode } {
  switch (selection.type) {
    case 'stack': {
      const { deliveries, event } = selection.card;
      const bad = deliveries.filter(({ status }) => status === 'failed' || status === 'dead-lettered').length;
      return {
        kind: 'stack',
        title: <Text value={deliveryStep(index, deliveries[0]!)} />,
        state: (
          <StateWord
            state={bad > 0 ? DELIVERY_STATES.failed : DELIVERY_STATES[deliveries[0]!.status]}
            word={bad > 0 ? `${bad} of ${deliveries.length} failed` : `${deliveries.length} branches`}
          />
        ),
        sub: (
          <>
            <Text value={deliveries[0]!.consumer} />, from{' '}
            <Text className="mono" value={event?.eventName ?? ''} />
          </>
        ),
      };
    }
    case 'delivery': {
      const { delivery, event } = selection;
      return {
        kind: 'delivery',
        title: <Text value={deliveryStep(index, delivery)} />,
        state: <StateWord state={DELIVERY_STATES[delivery.status]} />,
        sub: (
          <>
            <Text value={delivery.consumer} />
            {event && (
              <>
                , from <Text className="mono" value={event.eventName} />
              </>
            )}
          </>
        ),
      };
    }
    case 'event': {
      const { event } = selection;
      const time = nanos(event.timeUnixNano);
      const node = { type: 'event', ...event } as const;
      return {
        kind: event.kind === 'dead-letter' ? 'dead letter' : event.kind,
        title: <Text className="mono" value={event.eventName} />,
        state: <StateWord state={nodeState(node)} />,
        sub: (
          <>
            {event.producer ? (
              <>
                from <Text value={event.producer} />{' '}
              </>
            ) : (
              'publisher not seen '
            )}
            {event.destination && (
              <>
                to <Text className="mono" value={event.destination} />
                {event.system && ` (${event.system})`}
              </>
            )}
            <br />
            <span title={bothClocks(time)}>
              {formatTimestamp(time)}, {formatOffset(time, index.start)}
            </span>
            {event.eventId && (
              <>
                <br />
                <Link href={eventPath(event.eventId)}>All that caused it and came of it</Link>
              </>
            )}
          </>
        ),
      };
    }
    case 'step': {
      const { step } = selection;
      const start = nanos(step.startTimeUnixNano);
      return {
        kind: step.layer === 'business' ? 'step' : `broker span, ${step.spanKind}`,
        title: <Text value={step.step} />,
        state: <StateWord state={nodeState({ type: 'step', ...step })} />,
        sub: (
          <>
            <Text value={step.service} />, {formatDuration(nanos(step.endTimeUnixNano) - start)}
            <br />
            <span title={bothClocks(start)}>
              {formatTimestamp(start)}, {formatOffset(start, index.start)}
            </span>
          </>
        ),
      };
    }
  }
}

/** Other places where the trace can be seen, as the operator named them. */
function TraceLinks({ traceId, spanId }: { readonly traceId: string; readonly spanId: string | null }) {
  const { data } = useQuery({
    queryKey: ['about'],
    queryFn: ({ signal }) => getJson<About>('/api/about', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data || data.traceLinks.length === 0 || traceId === '') return null;
  return (
    <div className="panel-part panel-links">
      {data.traceLinks.map(({ name, template }) => (
        <a
          key={name}
          className="button small"
          href={template
            .replaceAll('{traceId}', encodeURIComponent(traceId))
            .replaceAll('{spanId}', encodeURIComponent(spanId ?? ''))}
          target="_blank"
          rel="noreferrer noopener"
        >
          Open trace in <Text value={name} max={30} /> <Glyph name="out" />
        </a>
      ))}
      <CopyButton text={traceId} what="traceId" label="Copy traceId" />
    </div>
  );
}
