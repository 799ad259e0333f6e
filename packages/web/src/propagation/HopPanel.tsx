import { Link } from 'wouter';
import { CopyButton } from '../icons/CopyButton.js';
import { Glyph } from '../icons/Glyph.js';
import { Icon, StateWord } from '../icons/Icon.js';
import { workflowPath } from '../url/paths.js';
import { counted, formatShare, formatTimestamp, nanos, safeText } from '../words/format.js';
import { Text } from '../words/Text.js';
import { culpritOf, type HopHealth, isBroken } from './propagation.js';
import { shareWords } from './ShareLine.js';

/** One hop: who is at fault, the proof, and the fix to paste. */
export function HopPanel({ hop, onClose }: { readonly hop: HopHealth; readonly onClose: () => void }) {
  const culprit = culpritOf(hop);
  return (
    <section className="panel" aria-label="Selected hop">
      <div className="panel-part panel-head">
        <div className="panel-line">
          <StateWord
            state={
              isBroken(hop)
                ? { tone: hop.unlinked > 0 ? 'fail' : 'retry', icon: 'broken', word: shareWords(hop) }
                : { tone: 'ok', icon: 'succeeded', word: shareWords(hop) }
            }
          />
          <span className="spring" />
          <span className="quiet">hop</span>
          <button type="button" className="icon-button small" aria-label="Close the panel" onClick={onClose}>
            <Glyph name="close" />
          </button>
        </div>
        <h2>
          <Text value={hop.producer || 'unknown producer'} max={60} /> →{' '}
          <Text value={hop.consumer} max={60} />
        </h2>
        <p className="quiet">
          <Text className="mono" value={hop.eventName} max={60} />
          {hop.destination && (
            <>
              {' '}
              through <Text className="mono" value={hop.destination} max={60} />
            </>
          )}
          , {counted(hop.deliveries, 'delivery', 'deliveries')}
        </p>
      </div>
      <div className="panel-part">
        <h3>Who is at fault</h3>
        <p>
          {culprit === null ? (
            isBroken(hop) ? (
              'What was seen does not say: neither side is proved to have lost the context.'
            ) : (
              'Nobody. The context survived every time.'
            )
          ) : (
            <>
              <Text className="strong" value={culprit} max={80} />
              {hop.fault === 'producer' && ', the producer: none of its consumers continues its trace.'}
              {hop.fault === 'consumer' && ', the consumer: others of the same event continue its trace.'}
            </>
          )}
        </p>
        {hop.others.length > 0 && (
          <table className="attempts">
            <thead>
              <tr>
                <th scope="col">The same event, other consumers</th>
                <th scope="col" className="num">
                  declared
                </th>
              </tr>
            </thead>
            <tbody>
              {hop.others.slice(0, 20).map((other) => (
                <tr key={other.consumer}>
                  <td>
                    <span className={`state-word ${other.declared > 0 ? 't-ok' : 't-fail'}`}>
                      <Icon name={other.declared > 0 ? 'succeeded' : 'broken'} />{' '}
                      <Text className="strong" value={other.consumer} max={40} />
                    </span>
                  </td>
                  <td className="num">{formatShare(other.declared, other.deliveries)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {hop.fix && (
        <div className="panel-part">
          <div className="panel-line">
            <h3>Fix to paste</h3>
            <span className="spring" />
            <CopyButton text={hop.fix} what="the fix" label="Copy" />
          </div>
          <pre className="raw mono">
            {hop.fix
              .slice(0, 6000)
              .split('\n')
              .map((line) => safeText(line))
              .join('\n')}
          </pre>
        </div>
      )}
      {hop.proof !== '' && (
        <div className="panel-part">
          <h3>Proof</h3>
          <p>
            <Text value={hop.proof} max={600} />
          </p>
        </div>
      )}
      <Since hop={hop} />
      {hop.examples.length > 0 && (
        <div className="panel-part">
          <h3>Seen in</h3>
          <ul className="example-list">
            {hop.examples.slice(0, 12).map((key) => (
              <li key={key}>
                <Link className="mono" href={workflowPath(key)}>
                  <Text value={key} max={60} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

/** Since when it is so, and with which release it began. */
function Since({ hop }: { readonly hop: HopHealth }) {
  const since = hop.brokenSince;
  if (!since && hop.state === 'whole') return null;
  return (
    <div className="panel-part">
      <h3>Since when</h3>
      <p>
        {hop.state === 'mended' && 'Mended: the latest deliveries keep their context. '}
        {since && (
          <>
            broken since {formatTimestamp(nanos(since.unixNano))}
            {since.version !== '' && (
              <>
                , with <Text className="strong" value={`${since.service} ${since.version}`} max={60} />
              </>
            )}
            {since.versionBefore !== '' && <> (whole with {since.versionBefore.slice(0, 40)})</>}
            {'; '}
          </>
        )}
        {counted(hop.workflowsCut, 'workflow')} cut here
        {hop.lastWholeUnixNano === null
          ? ', never whole as far as is known.'
          : `, last whole ${formatTimestamp(nanos(hop.lastWholeUnixNano))}.`}
      </p>
    </div>
  );
}
