import { Icon } from '../../icons/Icon.js';
import { formatCount, formatOffset } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import type { Card } from '../scene/Scene.js';
import { useGraphContext } from './GraphContext.js';

/** An event whose publisher is not known, or that several may have published. */
export function EventCard({ card }: { readonly card: Card & { kind: 'event' } }) {
  const { index } = useGraphContext();
  const [first] = card.events;
  return (
    <div className={`pill alone${card.isCritical ? ' is-critical' : ''}`}>
      <Icon name={first!.error ? 'failed' : 'event'} size={11} />
      <Text className="mono cut" value={first!.eventName} max={60} />
      {first!.error && <span className="t-fail">never published</span>}
      <span className="mono faint pill-end">
        {card.events.length > 1
          ? `×${formatCount(card.events.length)}`
          : formatOffset(index.timeOf(first!.id), index.start)}
      </span>
    </div>
  );
}

/** A dead letter, or a replay of one. */
export function LetterCard({ card }: { readonly card: Card & { kind: 'dead-letter' | 'replay' } }) {
  const { index } = useGraphContext();
  const [first] = card.events;
  const isDead = card.kind === 'dead-letter';
  const replayed = card.events.some(({ id }) => index.effects(id).some(({ kind }) => kind === 'replayed'));
  return (
    <>
      {isDead && (
        <svg className="letter" viewBox="0 0 158 94" preserveAspectRatio="none" aria-hidden="true">
          <path d="M12.5.75h133l11.75 11.75v80.75H.75V12.5Z" vectorEffect="non-scaling-stroke" />
        </svg>
      )}
      <div className="gcard-title">
        <span className={isDead ? 't-dead' : ''}>
          <Icon name={isDead ? 'dead-lettered' : 'replay'} />
        </span>
        <span className={`strong ${isDead ? 't-dead' : ''}`}>
          {isDead ? 'dead letter' : 'replay'}
          {card.events.length > 1 && ` ×${formatCount(card.events.length)}`}
        </span>
      </div>
      <Text className="mono strong cut letter-line" value={first!.eventName} max={40} />
      {isDead && (
        <>
          <span className="letter-line small quiet cut">
            in <Text value={first!.destination ?? 'an unknown place'} max={40} />
          </span>
          <span className="letter-line small quiet">{replayed ? 'replayed' : 'not replayed'}</span>
        </>
      )}
    </>
  );
}
