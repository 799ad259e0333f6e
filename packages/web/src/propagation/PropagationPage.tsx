import '../workflow/panel/SidePanel.css';
import '../workflow/WorkflowPage.css';
import './PropagationPage.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';
import { Icon } from '../icons/Icon.js';
import { NotHere } from '../shell/NotHere.js';
import { SinceSelect } from '../shell/SinceSelect.js';
import { useQueryState } from '../url/useQueryState.js';
import { counted, formatCount, formatShare } from '../words/format.js';
import { Text } from '../words/Text.js';
import { Switch } from '../workflow/Switch.js';
import { HopPanel } from './HopPanel.js';
import { HopTable } from './HopTable.js';
import {
  byTrouble,
  type HopHealth,
  hopId,
  isBroken,
  matrixOf,
  type PropagationAnswer,
  type PropagationFault,
  sumOf,
} from './propagation.js';
import { ShareLine, shareWords } from './ShareLine.js';

/** Whether the trace context survives every hop; where it does not, whose fault it is and what to paste. */
export function PropagationPage() {
  const { query, change } = useQueryState();
  const since = query.get('since');
  const onlyBroken = query.get('only') === 'broken';
  const answer = useQuery({
    queryKey: ['propagation', since],
    queryFn: ({ signal }) => getJson<PropagationAnswer>(`/api/propagation${queryOf({ since })}`, signal),
    refetchInterval: (state) => (state.state.error ? false : 10_000),
  });
  useEffect(() => {
    document.title = 'Propagation · Upshot';
  }, []);
  const all = [...(answer.data?.hops ?? [])].sort(byTrouble);
  const hops = onlyBroken ? all.filter(isBroken) : all;
  const selected = all.find((hop) => hopId(hop) === query.get('hop')) ?? null;
  const select = (hop: HopHealth | null) => change({ hop: hop && hopId(hop) }, { replace: true });
  return (
    <div className="map-page">
      <header className="page-head">
        <h1>Propagation</h1>
        <span className="quiet">Does the trace context survive every hop?</span>
        <span className="spring" />
        <Switch
          label="Only broken hops"
          checked={onlyBroken}
          onChange={(on) => change({ only: on ? 'broken' : null })}
        />
        <SinceSelect value={since} onChange={(to) => change({ since: to })} />
      </header>
      <div className="frame">
        <div className="map-body">
          {answer.error && !answer.data ? (
            <NotHere what="Propagation" error={answer.error} />
          ) : !answer.data ? (
            <div className="notice" aria-busy="true">
              <span className="skeleton map-waiting" />
            </div>
          ) : all.length === 0 ? (
            <div className="notice">
              <h2>No hop was seen yet</h2>
              <p className="quiet">
                A hop is an event from its producer to one of its consumers. It shows a few seconds after the
                first is consumed.
              </p>
            </div>
          ) : (
            <>
              <Verdict hops={all} faults={answer.data.faults} />
              <MatrixTable hops={hops} selected={selected} select={select} />
              <HopTable hops={hops} selected={selected} select={select} />
            </>
          )}
        </div>
        {selected && (
          <div className="frame-panel map-panel">
            <HopPanel hop={selected} onClose={() => select(null)} />
          </div>
        )}
      </div>
    </div>
  );
}

function Verdict({
  hops,
  faults,
}: {
  readonly hops: readonly HopHealth[];
  readonly faults: readonly PropagationFault[];
}) {
  const sum = sumOf(hops);
  return (
    <section className="verdict" aria-label="In short">
      <Share name="declared" count={sum.declared} of={sum.deliveries} tone="" />
      <Share
        name="stitched by IDs"
        count={sum.stitched}
        of={sum.deliveries}
        tone={isBroken(sum) && sum.stitched > 0 ? 't-retry' : ''}
      />
      <Share
        name="lost"
        count={sum.unlinked}
        of={sum.deliveries}
        tone={isBroken(sum) && sum.unlinked > 0 ? 't-fail' : ''}
      />
      <div className="verdict-words">
        <p>
          <b>
            {isBroken(sum)
              ? `${counted(faults.length, 'cause')} of broken propagation.`
              : 'Every hop keeps its context.'}
          </b>{' '}
          <span className="quiet">
            {counted(sum.deliveries, 'delivery', 'deliveries')} over {counted(hops.length, 'hop')}.
          </span>
        </p>
        <ShareLine shares={sum} width={500} />
        <ul className="faults">
          {faults.slice(0, 4).map((fault) => (
            <li key={fault.sentence}>
              <span className="t-fail">
                <Icon name="broken" size={14} />
              </span>
              <Text value={fault.sentence} max={300} />
            </li>
          ))}
          {faults.length > 4 && <li className="quiet">and {faults.length - 4} more</li>}
        </ul>
      </div>
    </section>
  );
}

function Share({
  name,
  count,
  of,
  tone,
}: {
  readonly name: string;
  readonly count: number;
  readonly of: number;
  readonly tone: string;
}) {
  return (
    <div>
      <p className={`verdict-share ${tone}`}>{formatShare(count, of)}</p>
      <p className="small quiet">{name}</p>
    </div>
  );
}

/** A matrix of more than so many columns is no picture any more; the table below says the same. */
const MOST_COLUMNS = 14;

function MatrixTable({
  hops,
  selected,
  select,
}: {
  readonly hops: readonly HopHealth[];
  readonly selected: HopHealth | null;
  readonly select: (hop: HopHealth) => void;
}) {
  const matrix = matrixOf(hops);
  if (matrix.consumers.length > MOST_COLUMNS || matrix.consumers.length === 0) return null;
  return (
    <div className="matrix-scroll">
      <table className="matrix">
        <caption className="sr">Hops, producer by consumer</caption>
        <thead>
          <tr>
            <th scope="col" className="quiet">
              Producer to consumer
            </th>
            {matrix.consumers.map((consumer) => (
              <th
                key={consumer}
                scope="col"
                className={matrix.faultyConsumers.has(consumer) ? 'strong' : undefined}
              >
                <Text value={consumer} max={30} />
                {matrix.faultyConsumers.has(consumer) && <AtFault />}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.producers.map((producer) => (
            <tr key={producer}>
              <th scope="row" className={matrix.faultyProducers.has(producer) ? 'strong' : undefined}>
                <Text value={producer || 'unknown producer'} max={30} />
                {matrix.faultyProducers.has(producer) && <AtFault />}
              </th>
              {matrix.consumers.map((consumer) => {
                const cell = matrix.cell(producer, consumer);
                if (cell.length === 0) return <td key={consumer} className="matrix-none" />;
                const sum = sumOf(cell);
                const [first] = [...cell].sort(byTrouble);
                const tone = !isBroken(sum) ? null : sum.unlinked > 0 ? 'fail' : 'retry';
                return (
                  <td key={consumer} className={tone ? `b-${tone}` : undefined}>
                    <button
                      type="button"
                      className="matrix-cell"
                      aria-pressed={selected !== null && cell.includes(selected)}
                      onClick={() => select(first!)}
                    >
                      <span className={`small ${tone ? `strong t-${tone}` : 'quiet'}`}>
                        {worstWords(sum)}
                      </span>
                      <span className="matrix-line">
                        <ShareLine shares={sum} width={64} />{' '}
                        <span className="quiet small">{formatCount(sum.deliveries)}</span>
                      </span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The one share that a cell has room for. */
function worstWords(sum: ReturnType<typeof sumOf>): string {
  if (sum.unlinked > 0) return `${formatShare(sum.unlinked, sum.deliveries)} lost`;
  if (sum.stitched > 0) return `${formatShare(sum.stitched, sum.deliveries)} stitched`;
  return shareWords(sum);
}

function AtFault() {
  return (
    <span className="at-fault small t-fail">
      <Icon name="broken" size={14} /> at fault
    </span>
  );
}
