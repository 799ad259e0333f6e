import { Link } from 'wouter';
import { queryOf } from '../api/queryOf.js';
import { Glyph } from '../icons/Glyph.js';
import { StateWord } from '../icons/Icon.js';
import { counted, formatCount, formatDuration, formatShare, nanos } from '../words/format.js';
import { DELIVERY_STATES } from '../words/states.js';
import { Text } from '../words/Text.js';
import { type Place, totalOf } from './topologyGraph.js';

/** What one service consumes and publishes, with a way to its workflows. */
export function PlacePanel({
  place,
  since,
  onClose,
}: {
  readonly place: Place;
  readonly since: string | null;
  readonly onClose: () => void;
}) {
  const total = totalOf(place);
  const bad = total.failed;
  return (
    <section className="panel" aria-label="Selected service">
      <div className="panel-part panel-head">
        <div className="panel-line">
          {bad > 0 ? (
            <StateWord
              state={total.deadLettered > 0 ? DELIVERY_STATES['dead-lettered'] : DELIVERY_STATES.failed}
              word={`${formatShare(bad, total.deliveries)} ${total.deadLettered > 0 ? 'dead-lettered' : 'failed'}`}
            />
          ) : (
            <StateWord state={DELIVERY_STATES.succeeded} word="healthy" />
          )}
          <span className="spring" />
          <button type="button" className="icon-button small" aria-label="Close the panel" onClick={onClose}>
            <Glyph name="close" />
          </button>
        </div>
        <h2>
          <Text value={place.name || 'unknown producer'} max={80} />
        </h2>
      </div>
      {place.consumes.map((one) => (
        <div key={one.eventName} className="panel-part">
          <h3>
            takes <Text className="mono" value={one.eventName} max={60} />
          </h3>
          <p className="quiet">
            <Text value={one.steps.join(', ')} max={200} />
          </p>
          <table className="attempts">
            <tbody>
              {(
                [
                  ['succeeded', Math.max(0, one.deliveries - one.failed - one.recovered)],
                  ['recovered', one.recovered],
                  ['failed', one.failed - one.deadLettered],
                  ['dead-lettered', one.deadLettered],
                ] as const
              )
                .filter(([, count]) => count > 0)
                .map(([status, count]) => (
                  <tr key={status}>
                    <td>
                      <StateWord state={DELIVERY_STATES[status]} />
                    </td>
                    <td className="num">{formatCount(count)}</td>
                    <td className="num quiet">{formatShare(count, one.deliveries)}</td>
                  </tr>
                ))}
              {[
                { name: 'Waiting in the broker', times: one.waitNano },
                { name: 'Working', times: one.workNano },
              ].map(({ name, times }) =>
                times.p50 && times.p99 ? (
                  <tr key={name}>
                    <td>{name}, p50 · p99</td>
                    <td className="num">{formatDuration(nanos(times.p50))}</td>
                    <td className="num">{formatDuration(nanos(times.p99))}</td>
                  </tr>
                ) : null,
              )}
            </tbody>
          </table>
        </div>
      ))}
      {place.publishes.length > 0 && (
        <div className="panel-part">
          <h3>publishes</h3>
          <ul className="neighbours">
            {place.publishes.map(({ eventName, deliveries }) => (
              <li key={eventName}>
                <Link className="mono" href={`/workflows${queryOf({ event: eventName, since })}`}>
                  <Text value={eventName} max={60} />
                </Link>
                <span className="quiet">{counted(deliveries, 'delivery', 'deliveries')}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="panel-part panel-links">
        {place.consumes.length > 0 && bad > 0 && (
          <Link
            className="button filled"
            href={`/workflows${queryOf({ consumer: place.name, status: 'failed', since })}`}
          >
            Show its failed workflows
          </Link>
        )}
        <Link
          className="button"
          href={`/workflows${queryOf(place.consumes.length > 0 ? { consumer: place.name, since } : { service: place.name, since })}`}
        >
          Show its workflows
        </Link>
      </div>
    </section>
  );
}
