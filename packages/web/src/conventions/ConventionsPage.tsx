import '../propagation/PropagationPage.css';
import './ConventionsPage.css';
import { useQuery } from '@tanstack/react-query';
import type { Conventions } from '@upshot/api-contract';
import { useEffect, useMemo } from 'react';
import { getJson } from '../api/client.js';
import { CopyButton } from '../icons/CopyButton.js';
import { LintCommand } from '../shell/LintCommand.js';
import { NotHere } from '../shell/NotHere.js';
import { rangeOfPeriods } from './complianceCurve.js';
import { ServiceCard } from './ServiceCard.js';

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
  const services = answer.data?.services;
  const range = useMemo(() => rangeOfPeriods(services ?? []), [services]);
  useEffect(() => {
    document.title = 'Conventions · Upshot';
  }, []);
  return (
    <div className="map-page">
      <header className="page-head">
        <h1>Conventions</h1>
        <span className="quiet">The rules in force, and who keeps them</span>
        <span className="spring" />
        <LintCommand kind="convention" />
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
              <ServiceCard key={service.service} service={service} range={range} />
            ))}
          </section>
        </div>
      )}
    </div>
  );
}
