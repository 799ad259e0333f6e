import { Glyph } from '../../icons/Glyph.js';
import { Icon } from '../../icons/Icon.js';
import { counted, formatClock, formatCount, nanos } from '../../words/format.js';
import { DELIVERY_STATES } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import { AttemptStrip } from '../AttemptStrip.js';
import { deliveryStep } from '../model/nodeNames.js';
import { FIRST_BRANCHES, MOST_GROUPS } from '../scene/cardSize.js';
import type { Card } from '../scene/Scene.js';
import { type StackGroup, stackGroups, statusCounts } from '../scene/stackGroups.js';
import { useGraphContext } from './GraphContext.js';
import { Pills } from './Pills.js';
import { StackBar } from './StackBar.js';

/** How many more branches one click shows. */
const STEP = 9;

/** Like branches as one card: closed it counts them, open it groups them, the worst first. */
export function StackCard({ card }: { readonly card: Card & { kind: 'stack' } }) {
  const { index, toggleStack } = useGraphContext();
  const counts = statusCounts(card.deliveries);
  const worst = DELIVERY_STATES[counts[0]![0]];
  const attempts = card.deliveries.reduce((sum, delivery) => sum + delivery.attempts.length, 0);
  return (
    <>
      <div className="gcard-title">
        <span className={`t-${worst.tone}`}>
          <Icon name={worst.icon} />
        </span>
        <Text className="strong cut" value={deliveryStep(index, card.deliveries[0]!)} max={60} />
        <span className="count">×{formatCount(card.deliveries.length)}</span>
        <button
          type="button"
          className="button small stack-toggle"
          aria-expanded={card.isOpen}
          onClick={() => toggleStack(card.id)}
        >
          {card.isOpen ? 'Close' : 'Open'}
        </button>
      </div>
      <div className="gcard-sub">
        {/* The largest first: how it went at large, then what did not. */}
        {[...counts].reverse().map(([status, count], at) => (
          <span key={status} className={`strong cut t-${DELIVERY_STATES[status].tone}`}>
            {at === 0 && '×'}
            {formatCount(count)} {DELIVERY_STATES[status].word}
            {at < counts.length - 1 && ','}
          </span>
        ))}
        {card.isOpen && (
          <span className="quiet cut">
            · <Text value={card.deliveries[0]!.consumer} max={40} /> · {counted(attempts, 'attempt')}
          </span>
        )}
      </div>
      <StackBar counts={counts} total={card.deliveries.length} />
      {card.isOpen && <Groups card={card} />}
      <Pills card={card} />
    </>
  );
}

function Groups({ card }: { readonly card: Card & { kind: 'stack' } }) {
  const { index, stackView, setStackView } = useGraphContext();
  const groups = stackGroups(index, card.deliveries);
  const view = stackView(card.id) ?? { group: groups[0]?.id ?? null, shown: FIRST_BRANCHES };
  return (
    <div className="stack-groups nowheel">
      <div className="stack-line stack-head faint">
        <span>State</span>
        <span>What they share</span>
        <span className="num">Attempts</span>
      </div>
      {groups.slice(0, MOST_GROUPS).map((group) => {
        const isOpen = view.group === group.id;
        return (
          <div key={group.id}>
            <button
              type="button"
              className="stack-line stack-group"
              aria-expanded={isOpen}
              onClick={() => setStackView(card.id, { group: isOpen ? '' : group.id, shown: FIRST_BRANCHES })}
            >
              <span className={`state-word t-${DELIVERY_STATES[group.status].tone}`}>
                <Glyph name={isOpen ? 'down' : 'right'} />
                <Icon name={DELIVERY_STATES[group.status].icon} size={14} />
                <span className="strong">
                  {formatCount(group.deliveries.length)} {DELIVERY_STATES[group.status].word}
                </span>
              </span>
              <Text className="cut" value={shared(group)} max={80} />
              <span className="num quiet">{attemptsWords(group)}</span>
            </button>
            {isOpen && (
              <Branches
                group={group}
                shown={view.shown}
                onMore={() => setStackView(card.id, { group: group.id, shown: view.shown + STEP })}
              />
            )}
          </div>
        );
      })}
      {groups.length > MOST_GROUPS && (
        <div className="stack-line quiet">and {groups.length - MOST_GROUPS} more kinds</div>
      )}
    </div>
  );
}

function Branches({
  group,
  shown,
  onMore,
}: {
  readonly group: StackGroup;
  readonly shown: number;
  readonly onMore: () => void;
}) {
  const { index, select, selected } = useGraphContext();
  const left = group.deliveries.length - shown;
  return (
    <div className="stack-branches">
      {group.deliveries.slice(0, shown).map((delivery) => {
        const attempts = index.attempts(delivery);
        const end = attempts.at(-1)?.endTimeUnixNano;
        return (
          <button
            key={delivery.id}
            type="button"
            className={`stack-line stack-branch${index.owner(selected ?? '')?.id === delivery.id ? ' is-selected' : ''}`}
            onClick={() => select(delivery.id)}
          >
            <Text className="mono cut" value={index.event(delivery.event)?.eventId ?? delivery.id} max={26} />
            <AttemptStrip attempts={attempts} most={3} />
            <span className="num quiet small">{end ? formatClock(nanos(end)).slice(0, 8) : ''}</span>
          </button>
        );
      })}
      {left > 0 && (
        <button type="button" className="stack-line link" onClick={onMore}>
          Show {left <= STEP ? 'the other' : `${STEP} of the other`} {formatCount(left)}
        </button>
      )}
    </div>
  );
}

function shared(group: StackGroup): string {
  if (group.error !== null) return group.error;
  const [least, most] = group.attempts;
  if (group.status === 'succeeded') return 'at the first attempt';
  if (group.status === 'recovered')
    return least === most ? `after ${most} attempts` : `after ${least} to ${most} attempts`;
  return DELIVERY_STATES[group.status].word;
}

function attemptsWords({ attempts: [least, most] }: StackGroup): string {
  return least === most ? counted(most, 'attempt') : `${least} to ${most} attempts`;
}
