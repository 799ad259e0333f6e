import { Icon } from '../../icons/Icon.js';
import { cutText } from '../../words/cutText.js';
import { bothClocks, formatCount, formatOffset, safeText } from '../../words/format.js';
import { SEVERITY_STATES } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import type { ShownLog } from './logLines.js';

/** Lines in the page at a time, and characters of one: what a browser draws without a pause. The API has the whole. */
const MOST = 1_000;
const LONGEST = 1_000;

const PLACES: Readonly<Record<NonNullable<ShownLog['placedBy']>, string>> = {
  'event-id': 'placed by event ID',
  trace: 'placed by trace and time',
  'correlation-id': 'placed by correlation ID and time',
};

/** Log records by time: when, how grave, what. Nothing where there is none. */
export function LogPart({
  lines,
  omitted,
  start,
  showAll,
  note,
}: {
  readonly lines: readonly ShownLog[];
  /** How many more there are. */
  readonly omitted: number;
  /** When the workflow began, Unix nanoseconds. */
  readonly start: bigint;
  readonly showAll: () => void;
  /** What became of the call for all of them. */
  readonly note: string | null;
}) {
  if (lines.length === 0 && omitted === 0) return null;
  return (
    <section className="panel-part" aria-label="Log records">
      <div className="panel-line">
        <h3>Log records</h3>
        <span className="spring" />
        <span className="quiet">
          {omitted > 0
            ? `the gravest ${formatCount(lines.length)} of ${formatCount(lines.length + omitted)}`
            : formatCount(lines.length)}
        </span>
      </div>
      <ol className="log-lines">
        {lines.slice(0, MOST).map((line, at) => (
          <Line key={`${line.timeUnixNano}-${at.toString()}`} line={line} start={start} />
        ))}
      </ol>
      {lines.length > MOST && (
        <p className="quiet">and {formatCount(lines.length - MOST)} more; the API has them all</p>
      )}
      {omitted > 0 && note === null && (
        <button type="button" className="button small" onClick={showAll}>
          Show all {formatCount(lines.length + omitted)}
        </button>
      )}
      {note !== null && (
        <p className="quiet" role="status">
          {note}
        </p>
      )}
    </section>
  );
}

function Line({ line, start }: { readonly line: ShownLog; readonly start: bigint }) {
  const { tone, icon, word } = SEVERITY_STATES[line.severity];
  return (
    <li>
      <p className="log-head">
        <span className={`state-word t-${tone}`}>
          <Icon name={icon} size={13} />
          <span>{word}</span>
        </span>
        <span className="mono quiet" title={bothClocks(line.timeUnixNano)}>
          {formatOffset(line.timeUnixNano, start)}
        </span>
        {line.attempt !== null && <span className="quiet">attempt {line.attempt}</span>}
        {line.placedBy !== null && <span className="quiet">{PLACES[line.placedBy]}</span>}
      </p>
      {line.eventName !== null && (
        <p>
          <Text className="strong" value={line.eventName} />
        </p>
      )}
      {line.text !== '' && <p className="log-text mono">{textOf(line.text)}</p>}
    </li>
  );
}

/** Its lines as lines, and whatever else could steer or deceive made visible. */
function textOf(text: string) {
  return (
    <bdi>
      {cutText(text, LONGEST)
        .split('\n')
        .map((line) => safeText(line))
        .join('\n')}
    </bdi>
  );
}
