import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { Link } from 'wouter';
import { CopyButton, copyText } from '../icons/CopyButton.js';
import { Glyph } from '../icons/Glyph.js';
import { Icon } from '../icons/Icon.js';
import { bothClocks, counted, formatClock, formatCount, formatDuration } from '../words/format.js';
import { DELIVERY_STATES, WORKFLOW_STATES } from '../words/states.js';
import { Text } from '../words/Text.js';
import { timeSpent } from './model/timeSpent.js';
import type { WorkflowIndex } from './model/WorkflowIndex.js';
import { statusCounts } from './scene/stackGroups.js';
import { ticketMarkdown } from './share/ticketMarkdown.js';
import { workflowText } from './share/workflowText.js';

/** Longer summaries fold to what fits two lines of a wide screen. */
const LONG_SUMMARY = 300;

/** Key, state, what happened in a sentence, and the figures. */
export function WorkflowHeader({
  name,
  summary,
  index,
  hasSummary,
}: {
  readonly name: string;
  readonly summary: string;
  readonly index: WorkflowIndex;
  /** The story says it better itself. */
  readonly hasSummary: boolean;
}) {
  const { graph } = index;
  const state = WORKFLOW_STATES[graph.status];
  return (
    <header className="wf-head">
      <div className="wf-line">
        <Link href="/workflows" className="quiet">
          Workflows
        </Link>
        <span className="faint">/</span>
        <h1>
          <Text value={graph.key} max={80} />
        </h1>
        <span className="quiet">{keyName(index)}</span>
        <CopyButton text={graph.key} what={keyName(index)} />
        <span className={`badge t-${state.tone} b-${state.tone}`}>
          <Icon name={state.icon} />
          {state.word}
        </span>
        {name !== graph.key && (
          <span className="quiet small cut">
            asked for as <Text className="mono" value={name} max={50} />
          </span>
        )}
        <span className="spring" />
        <CopyMenu index={index} name={name} />
      </div>
      {hasSummary && <Summary text={summary} />}
      <Facts index={index} />
      {graph.truncated && (
        <p className="wf-truncated t-retry">
          <Icon name="info" /> This graph is cut: {formatCount(graph.truncated.shown)} of{' '}
          {formatCount(graph.truncated.total)} nodes are shown ({graph.truncated.reason}). What failed, is
          missing or is retried comes first.
        </p>
      )}
    </header>
  );
}

function keyName({ graph }: WorkflowIndex): string {
  if (graph.correlationIds.includes(graph.key)) return 'correlationId';
  return graph.traceIds.includes(graph.key) ? 'traceId' : 'eventId';
}

function Summary({ text }: { readonly text: string }) {
  const [isOpen, open] = useState(false);
  const isLong = text.length > LONG_SUMMARY;
  return (
    <p className={`wf-summary${isLong && !isOpen ? ' is-cut' : ''}`}>
      <Text value={text} max={isOpen ? 8000 : 1200} />
      {isLong && (
        <button type="button" className="link" onClick={() => open(!isOpen)}>
          {isOpen ? 'less' : 'more'}
        </button>
      )}
    </p>
  );
}

function Facts({ index }: { readonly index: WorkflowIndex }) {
  const { graph } = index;
  const letters = graph.events.filter(({ kind }) => kind === 'dead-letter').length;
  const replays = graph.events.filter(({ kind }) => kind === 'replay').length;
  const failed = graph.attempts.filter(({ outcome }) => outcome === 'failed').length;
  const notable = statusCounts(graph.deliveries).filter(
    ([status]) => status !== 'succeeded' && status !== 'recovered',
  );
  const spent = timeSpent(index);
  return (
    <dl className="facts">
      <Fact name="Started">
        <span title={bothClocks(index.start)}>{formatClock(index.start)} UTC</span>
      </Fact>
      <Fact name="Took">{formatDuration(index.end - index.start)}</Fact>
      <Fact name="Events">
        {formatCount(graph.events.length - letters - replays)}
        {letters > 0 && `, ${counted(letters, 'dead letter')}`}
        {replays > 0 && `, ${counted(replays, 'replay')}`}
      </Fact>
      <Fact name="Deliveries">
        {formatCount(graph.deliveries.length)}
        {notable.map(([status, count]) => (
          <span key={status}>
            ,{' '}
            <b className={`t-${DELIVERY_STATES[status].tone}`}>
              {formatCount(count)} {DELIVERY_STATES[status].word}
            </b>
          </span>
        ))}
      </Fact>
      <Fact name="Attempts">
        {formatCount(graph.attempts.length)}
        {failed > 0 && `, ${formatCount(failed)} failed`}
      </Fact>
      {spent && (
        <Fact name="Where the time went, critical path">
          <span className="spent">
            <span className="spent-bar" aria-hidden="true">
              {spent.wait > 0n && <i className="hatch" style={{ flexGrow: Number(spent.wait) }} />}
              {spent.work > 0n && <i className="spent-work" style={{ flexGrow: Number(spent.work) }} />}
              {spent.backOff > 0n && <i className="spent-back" style={{ flexGrow: Number(spent.backOff) }} />}
            </span>
            {[
              spent.backOff > 0n && `${formatDuration(spent.backOff)} back-off`,
              `${formatDuration(spent.work)} work`,
              `${formatDuration(spent.wait)} wait`,
            ]
              .filter(Boolean)
              .join(', ')}
          </span>
        </Fact>
      )}
      {graph.expectations === 'unknown' && (
        <Fact name="Expected consumers">
          <span className="quiet">not known yet</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CopyMenu({ index, name }: { readonly index: WorkflowIndex; readonly name: string }) {
  const [said, say] = useState('');
  const copy = (what: string, text: () => string | Promise<string>) => async () => {
    try {
      await copyText(await text());
      say(`${what} copied`);
    } catch {
      say('The browser refused to copy');
    }
    setTimeout(() => say(''), 2000);
  };
  return (
    <>
      <span className="quiet small" role="status">
        {said}
      </span>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button">
          Copy as <Glyph name="down" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="pop-positioner" sideOffset={4} align="end">
            <Menu.Popup className="pop">
              <Menu.Item className="menu-item" onClick={() => void copy('Text', () => workflowText(name))()}>
                Text, as upshot show prints it
              </Menu.Item>
              <Menu.Item
                className="menu-item"
                onClick={() => void copy('Markdown', () => ticketMarkdown(index, location.href))()}
              >
                Markdown for a ticket
              </Menu.Item>
              <Menu.Item
                className="menu-item"
                onClick={() => void copy('JSON', () => JSON.stringify(index.graph, null, 2))()}
              >
                JSON, as the API answers
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={() => void copy('Link', () => location.href)()}>
                Link to this view
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}
