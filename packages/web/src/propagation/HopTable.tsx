import { Icon } from '../icons/Icon.js';
import { formatCount } from '../words/format.js';
import { Text } from '../words/Text.js';
import { culpritOf, type HopHealth, hopId, isBroken } from './propagation.js';
import { ShareLine } from './ShareLine.js';

const MOST = 300;

/** Every hop with its shares and who is at fault, the worst first. */
export function HopTable({
  hops,
  selected,
  select,
}: {
  readonly hops: readonly HopHealth[];
  readonly selected: HopHealth | null;
  readonly select: (hop: HopHealth) => void;
}) {
  return (
    <div className="matrix-scroll">
      <table className="hops hop-table">
        <caption className="sr">Hops, the worst first</caption>
        <thead>
          <tr>
            <th scope="col">Producer</th>
            <th scope="col">Event</th>
            <th scope="col">Destination</th>
            <th scope="col">Consumer</th>
            <th scope="col" className="num">
              Deliveries
            </th>
            <th scope="col">Declared, stitched, lost</th>
            <th scope="col">At fault</th>
          </tr>
        </thead>
        <tbody>
          {hops.slice(0, MOST).map((hop) => {
            const culprit = culpritOf(hop);
            return (
              <tr key={hopId(hop)} className={`row${hop === selected ? ' is-selected' : ''}`}>
                <td>
                  <Text value={hop.producer || 'unknown'} max={40} />
                </td>
                <td>
                  <button type="button" className="row-link hop-link mono" onClick={() => select(hop)}>
                    <Text value={hop.eventName} max={50} />
                  </button>
                </td>
                <td className="mono quiet">
                  <Text value={hop.destination ?? ''} max={40} />
                </td>
                <td>
                  <Text value={hop.consumer} max={40} />
                </td>
                <td className="num">
                  {formatCount(hop.deliveries)}
                  <span className="hop-unit"> deliveries</span>
                </td>
                <td>
                  <ShareLine shares={hop} />
                </td>
                <td>
                  {culprit === null ? (
                    isBroken(hop) ? (
                      <span className="t-retry state-word">
                        <Icon name="broken" /> <b>unknown</b>
                      </span>
                    ) : (
                      <span className="t-ok state-word">
                        <Icon name="succeeded" /> <b>nobody</b>
                      </span>
                    )
                  ) : (
                    <span className="t-fail state-word">
                      <Icon name="broken" /> <Text className="strong" value={culprit} max={40} />
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {hops.length > MOST && <p className="quiet notice">and {formatCount(hops.length - MOST)} more hops</p>}
    </div>
  );
}
