import '../propagation/PropagationPage.css';
import './ConventionsPage.css';
import { useQuery } from '@tanstack/react-query';
import type { Conventions } from '@upshot/api-contract';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { getJson } from '../api/client.js';
import { CopyButton } from '../icons/CopyButton.js';
import { NotHere } from '../shell/NotHere.js';
import { workflowPath } from '../url/paths.js';
import { formatCount, formatShare } from '../words/format.js';
import { Text } from '../words/Text.js';

/** The smallest set of rules that is worth having. */
const EXAMPLE = `traceConventions:
  requiredFields: [traceId, eventId, correlationId, consumerName]
  spanNaming:
    style: business-step-first
`;

export function ConventionsPage() {
  const answer = useQuery({
    queryKey: ['conventions'],
    queryFn: ({ signal }) => getJson<Conventions>('/api/conventions', signal),
    refetchInterval: (state) => (state.state.error ? false : 15_000),
  });
  useEffect(() => {
    document.title = 'Conventions · Upshot';
  }, []);
  return (
    <div className="map-page">
      <header className="page-head">
        <h1>Conventions</h1>
        <span className="quiet">The rules in force, and who keeps them</span>
        <span className="spring" />
        <CopyButton
          text={`npx upshot lint ${location.origin}`}
          what="the linter's command"
          label="Copy the lint command"
        />
      </header>
      {answer.error && !answer.data ? (
        <NotHere what="Conventions" error={answer.error} />
      ) : !answer.data ? (
        <div className="notice" aria-busy="true">
          <span className="skeleton map-waiting" />
        </div>
      ) : (
        <div className="conventions">
          <section className="card">
            <h2>Rules in force</h2>
            {Object.keys(answer.data.traceConventions).length > 0 ? (
              <pre className="mono rules">
                {JSON.stringify(answer.data.traceConventions, null, 2).slice(0, 6000)}
              </pre>
            ) : (
              <>
                <p className="quiet">
                  None are declared. Write them into a file, and start <code>upshot serve</code> with{' '}
                  <code>--conventions FILE</code>:
                </p>
                <pre className="mono rules">{EXAMPLE}</pre>
                <CopyButton text={EXAMPLE} what="the example" label="Copy" />
              </>
            )}
          </section>
          <section className="services">
            {answer.data.services.length === 0 && <p className="quiet">No service was checked yet.</p>}
            {answer.data.services.map((service) => (
              <div key={service.service} className="card">
                <div className="service-head">
                  <h2>
                    <Text value={service.service} max={60} />
                  </h2>
                  <Score compliant={service.compliant} checked={service.checked} />
                </div>
                {service.rules.length > 0 && (
                  <table className="hops rules-table">
                    <thead>
                      <tr>
                        <th scope="col">Rule</th>
                        <th scope="col" className="num">
                          Broken
                        </th>
                        <th scope="col">Examples</th>
                      </tr>
                    </thead>
                    <tbody>
                      {service.rules.map(({ rule, count, examples }) => (
                        <tr key={rule}>
                          <td>
                            <Text className="mono" value={rule} max={80} />
                          </td>
                          <td className="num">{formatCount(count)}</td>
                          <td>
                            {examples.slice(0, 3).map((example, at) => (
                              <Example key={`${at.toString()}`} example={example} />
                            ))}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
              </div>
            ))}
          </section>
        </div>
      )}
    </div>
  );
}

function Score({ compliant, checked }: { readonly compliant: number; readonly checked: number }) {
  const isAll = compliant === checked;
  return (
    <span className={isAll ? 't-ok' : 't-retry'}>
      <b>{checked === 0 ? 'nothing checked' : formatShare(compliant, checked)}</b>{' '}
      <span className="quiet">
        {formatCount(compliant)} of {formatCount(checked)} comply
      </span>
    </span>
  );
}

function Example({ example }: { readonly example: string }) {
  return (
    <Link className="mono example" href={workflowPath(example)}>
      <Text value={example} max={40} />
    </Link>
  );
}
