import type { AttemptNode, EventNode } from '@upshot/model';
import { Icon } from '../../icons/Icon.js';
import { bothClocks, counted, formatDuration, nanos } from '../../words/format.js';
import { formatShort } from '../../words/formatShort.js';
import { DELIVERY_STATES, OUTCOME_STATES, type State } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import { deliveryStep } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card } from '../scene/Scene.js';
import { statusCounts } from '../scene/stackGroups.js';
import { type Lane, stretchOf } from './lanes.js';
import type { TimeScale } from './TimeScale.js';

/** Bars are at least so wide; from INSIDE on their number fits into them, then the sign of its outcome, then the time. Pixels. */
const LEAST = 4;
const INSIDE = 15;
const WITH_SIGN = 26;
const WITH_TIME = 84;

interface LaneProps {
  readonly index: WorkflowIndex;
  readonly lane: Lane;
  readonly top: number;
  readonly scale: TimeScale;
  readonly isSelected: boolean;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  readonly showCritical: boolean;
}

export function LaneRow({ index, lane, top, scale, isSelected, selected, select, showCritical }: LaneProps) {
  const { card } = lane;
  const { name, sub, state } = labelOf(index, card);
  return (
    <li className={`lane${isSelected ? ' is-selected' : ''}`} style={{ top }}>
      <button
        type="button"
        className="lane-label"
        aria-pressed={isSelected}
        style={{ paddingLeft: 18 + Math.min(lane.depth, 8) * 12 }}
        onClick={() => select(card.node)}
      >
        <span className={`t-${state.tone}`}>
          <Icon name={state.icon} />
        </span>
        <span className="lane-words">
          <Text className="strong cut" value={name} max={60} />
          <span className="small cut">
            <Text className="quiet" value={sub} max={40} />{' '}
            <span className={`strong t-${state.tone}`}>{state.word}</span>
          </span>
        </span>
      </button>
      <div className="lane-bars" style={{ left: 'var(--label)' }}>
        {lane.whole && (
          <Whole index={index} lane={lane} scale={scale} isCritical={showCritical && card.isCritical} />
        )}
        {lane.attempts.map((attempt, at) => (
          <Attempt
            key={attempt.id}
            index={index}
            attempt={attempt}
            before={lane.attempts[at - 1] ?? null}
            scale={scale}
            isSelected={selected === attempt.id}
            isCritical={showCritical && index.critical.has(attempt.id)}
            letter={at === lane.attempts.length - 1 ? (lane.letters[0] ?? null) : null}
            isLast={at === lane.attempts.length - 1}
            select={select}
          />
        ))}
        {card.kind === 'delivery' && lane.attempts.length === 0 && (
          <Absent index={index} card={card} scale={scale} />
        )}
        {lane.steps.map((step) => (
          <i
            key={step.id}
            className={`lane-step${step.error ? ' is-failed' : ''}`}
            title={`${step.step.slice(0, 80)}, ${formatDuration(nanos(step.endTimeUnixNano) - nanos(step.startTimeUnixNano))}`}
            style={box(scale, nanos(step.startTimeUnixNano), nanos(step.endTimeUnixNano), 2)}
          />
        ))}
        {lane.events.map((event) => (
          <button
            key={event.id}
            type="button"
            className={`lane-event${selected === event.id ? ' is-selected' : ''}`}
            style={{ left: scale.x(nanos(event.timeUnixNano)) }}
            title={bothClocks(nanos(event.timeUnixNano))}
            onClick={() => select(event.id)}
          >
            <Icon name={event.kind === 'replay' ? 'replay' : 'event'} size={13} />
            {lane.events.length <= 2 && <Text className="mono" value={event.eventName} max={40} />}
            {lane.events.length > 2 && <span className="sr">{event.eventName.slice(0, 80)}</span>}
          </button>
        ))}
        <Skew index={index} lane={lane} scale={scale} />
      </div>
    </li>
  );
}

function labelOf(index: WorkflowIndex, card: Card): { name: string; sub: string; state: State } {
  switch (card.kind) {
    case 'step': {
      const state: State = card.step.error
        ? { tone: 'fail', icon: 'failed', word: 'failed' }
        : { tone: 'plain', icon: 'step', word: '' };
      return { name: card.step.step, sub: card.step.service, state };
    }
    case 'delivery':
      return {
        name: deliveryStep(index, card.delivery),
        sub: card.delivery.consumer,
        state: DELIVERY_STATES[card.delivery.status],
      };
    case 'stack': {
      const [status, count] = statusCounts(card.deliveries)[0]!;
      return {
        name: `${deliveryStep(index, card.deliveries[0]!)} ×${card.deliveries.length}`,
        sub: card.deliveries[0]!.consumer,
        state: { ...DELIVERY_STATES[status], word: `${count} ${DELIVERY_STATES[status].word}` },
      };
    }
    default: {
      const [event] = card.events;
      return {
        name: event!.eventName,
        sub: event!.destination ?? event!.producer,
        state: {
          tone: 'plain',
          icon: card.kind === 'replay' ? 'replay' : 'event',
          word: card.kind === 'event' ? '' : card.kind,
        },
      };
    }
  }
}

function box(scale: TimeScale, from: bigint, to: bigint, least = LEAST): { left: number; width: number } {
  const left = scale.x(from);
  return { left, width: Math.max(least, scale.x(to) - left) };
}

function Whole({
  index,
  lane,
  scale,
  isCritical,
}: {
  index: WorkflowIndex;
  lane: Lane;
  scale: TimeScale;
  isCritical: boolean;
}) {
  const place = box(scale, lane.whole!.from, lane.whole!.to);
  const attempts =
    lane.card.kind === 'stack' ? lane.card.deliveries.reduce((sum, one) => sum + one.attempts.length, 0) : 0;
  const failures = lane.card.kind === 'stack' ? failureTicks(index, lane.card, scale) : [];
  return (
    <>
      {isCritical && <i className="lane-critical" style={place} />}
      <i className={`bar ${lane.card.kind === 'stack' ? 'bar-crowd' : 'bar-step'}`} style={place} />
      {failures.map((x) => (
        <i key={x} className="bar-tick" style={{ left: x }} />
      ))}
      <span className="bar-beside" style={{ left: place.left + place.width + 6 }}>
        {formatDuration(lane.whole!.to - lane.whole!.from)}
        {attempts > 0 && `, ${counted(attempts, 'attempt')}`}
      </span>
    </>
  );
}

/** Where attempts of a crowd failed: each pixel once. */
function failureTicks(index: WorkflowIndex, card: Card & { kind: 'stack' }, scale: TimeScale): number[] {
  const at = new Set<number>();
  for (const delivery of card.deliveries) {
    for (const attempt of index.attempts(delivery)) {
      if (attempt.outcome === 'failed') at.add(Math.round(scale.x(stretchOf(attempt, index.end).to)));
    }
  }
  return [...at];
}

interface AttemptProps {
  readonly index: WorkflowIndex;
  readonly attempt: AttemptNode;
  readonly before: AttemptNode | null;
  readonly scale: TimeScale;
  readonly isSelected: boolean;
  readonly isCritical: boolean;
  readonly isLast: boolean;
  /** The dead letter that came of it. */
  readonly letter: EventNode | null;
  readonly select: (node: string | null) => void;
}

const SIGNS = { succeeded: '✓', failed: '×', running: '…', skipped: '–' } as const;

function Attempt({
  index,
  attempt,
  before,
  scale,
  isSelected,
  isCritical,
  isLast,
  letter,
  select,
}: AttemptProps) {
  const { from, to } = stretchOf(attempt, index.end);
  const place = box(scale, from, to);
  const wait = attempt.waitNano === null ? null : nanos(attempt.waitNano);
  const waitedFrom = before ? stretchOf(before, index.end).to : wait === null ? from : from - wait;
  const gap = { left: scale.x(waitedFrom), width: Math.max(0, scale.x(from) - scale.x(waitedFrom)) };
  const isWide = place.width >= INSIDE;
  const work = attempt.endTimeUnixNano === null ? 'running' : formatDuration(to - from);
  const label = `attempt ${attempt.number} ${OUTCOME_STATES[attempt.outcome].word}, ${work}`;
  return (
    <>
      {isCritical && (
        <i className="lane-critical" style={{ left: gap.left, width: place.left + place.width - gap.left }} />
      )}
      {before ? (
        <i className="lane-backoff dots" style={gap} />
      ) : (
        gap.width > 1 && <i className="lane-wait hatch" style={gap} />
      )}
      {before && gap.width > 30 && wait !== null && (
        <span className="lane-gap-words" style={{ left: gap.left + gap.width / 2 }}>
          {formatShort(wait)}
          {gap.width > 90 && ' back-off'}
        </span>
      )}
      <button
        type="button"
        className={`bar bar-${attempt.outcome}${isSelected ? ' is-selected' : ''}`}
        style={place}
        title={`${label}\n${bothClocks(from)}`}
        onClick={() => select(attempt.id)}
      >
        {isWide && (
          <span>
            {attempt.number}
            {place.width >= WITH_SIGN && ` ${SIGNS[attempt.outcome]}`}
            {place.width >= WITH_TIME && ` ${work}`}
          </span>
        )}
        <span className="sr">{label}</span>
      </button>
      {(isLast || !isWide) && (
        <span className="bar-beside" style={{ left: place.left + place.width + 6 }}>
          {!isWide && <b className={`ring ring-${attempt.outcome}`}>{attempt.number}</b>}
          {isLast && place.width < WITH_TIME && (
            <>
              {work}
              {wait !== null && wait > 0n && !before && `, after ${formatDuration(wait)} in the broker`}
            </>
          )}
          {letter && (
            <button
              type="button"
              className="lane-letter t-dead"
              title={`dead letter in ${letter.destination ?? 'an unknown place'}`}
              onClick={() => select(letter.id)}
            >
              <Icon name="dead-lettered" />
              <span className="sr">dead letter</span>
            </button>
          )}
        </span>
      )}
    </>
  );
}

/** A branch without an attempt: from its event until now nobody has been seen. */
function Absent({
  index,
  card,
  scale,
}: {
  index: WorkflowIndex;
  card: Card & { kind: 'delivery' };
  scale: TimeScale;
}) {
  const from = index.timeOf(card.delivery.event);
  const isMissing = card.delivery.status === 'missing';
  const words = isMissing ? index.findingsOf(card.delivery.id)[0]?.message : undefined;
  const place = box(scale, from, scale.end, 60);
  return (
    <>
      <i className={`bar bar-absent${isMissing ? ' is-missing' : ''}`} style={place} />
      <span
        className={`bar-words ${isMissing ? 't-miss strong' : 'quiet'}`}
        style={{ left: place.left + 8, maxWidth: Math.max(200, place.width - 16) }}
      >
        <Text value={words ?? card.delivery.status} max={120} />
      </span>
    </>
  );
}

/** A clock that is wrong is told and never mended: the bar stays, and an arrow leads back to it. */
function Skew({ index, lane, scale }: { index: WorkflowIndex; lane: Lane; scale: TimeScale }) {
  const [first] = lane.attempts;
  if (!first || lane.card.kind !== 'delivery') return null;
  const event = index.timeOf(lane.card.delivery.event);
  const start = nanos(first.startTimeUnixNano);
  if (start >= event) return null;
  const [left, right] = [scale.x(start), scale.x(event)];
  return (
    <span className="lane-skew t-retry" style={{ left }}>
      <i style={{ width: Math.max(10, right - left) }} />
      <Icon name="skew" size={13} /> starts {formatDuration(event - start)} before its event: clock behind
    </span>
  );
}
