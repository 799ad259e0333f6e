import { useQuery } from '@tanstack/react-query';
import type { About } from '@upshot/api-contract';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { getJson } from '../api/client.js';
import { CopyButton } from '../icons/CopyButton.js';
import { Icon } from '../icons/Icon.js';

const IDS = [
  ['eventId', 'one event record'],
  ['correlationId', 'the whole business workflow'],
  ['causationId', 'the event that caused this one'],
  ['traceId', 'one trace'],
  ['spanId', 'one processing segment'],
  ['parentSpanId', 'the segment above it'],
] as const;

/** What the list shows before anything came: how to send something, and what will become of it. */
export function EmptyState() {
  const about = useQuery({
    queryKey: ['about'],
    queryFn: ({ signal }) => getJson<About>('/api/about', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const http = about.data?.otlpHttpUrl ?? 'http://127.0.0.1:4318';
  return (
    <div className="empty">
      <section>
        <h1>No workflows yet</h1>
        <p className="quiet lead">
          Upshot draws a workflow as soon as the first span or event arrives. Nothing else to set up.
        </p>
        <WhatWillShow />
        <ol>
          <Way
            number={1}
            title="Look around with what this repository recorded"
            text="Real brokers, real libraries: retries, dead letters, and consumers that forget their context."
          >
            {`UPSHOT_OTLP_URL=${http} npx upshot import --shift-to-now recordings/*/traces.otlp.json`}
          </Way>
          <Way
            number={2}
            title="Send what you already have"
            text="Any OpenTelemetry SDK or Collector. Restart the service after setting these."
          >
            {`export OTEL_EXPORTER_OTLP_ENDPOINT=${http}\nexport OTEL_TRACES_EXPORTER=otlp\nexport OTEL_SERVICE_NAME=checkout-api`}
          </Way>
          <Way
            number={3}
            title="Or post one event"
            text="Two fields are enough. Add correlationId and causationId to join events into a workflow."
          >
            {`curl ${http}/v1/events -H 'content-type: application/json' \\\n  -d '{"eventId":"evt_1","eventName":"order.placed","correlationId":"order_1"}'`}
          </Way>
        </ol>
      </section>
      <aside className="card">
        <h2>Listening</h2>
        <ul className="listening">
          {[
            ['OTLP over HTTP', about.data?.otlpHttpUrl],
            ['OTLP over gRPC', about.data?.otlpGrpcUrl],
            ['Events, CloudEvents', about.data && `${about.data.otlpHttpUrl}/v1/events`],
          ].map(([name, url]) => (
            <li key={name}>
              <span className="t-ok">
                <Icon name="succeeded" />
              </span>
              <span>
                {name}
                <br />
                <span className="mono quiet">{url ?? '…'}</span>
              </span>
            </li>
          ))}
        </ul>
        <p className="quiet">The first workflow shows here by itself.</p>
        <h2>Something arrives, but no workflow?</h2>
        <ul className="bullets">
          <li>A trace without events is listed under its traceId.</li>
          <li>
            Refused data, with the reason, is in the answer to the sender; what was mended shows under{' '}
            <Link href="/findings">Findings</Link>.
          </li>
        </ul>
        <h2>Which IDs matter</h2>
        <dl className="ids-list">
          {IDS.map(([name, what]) => (
            <div key={name}>
              <dt className="mono">{name}</dt>
              <dd className="quiet">{what}</dd>
            </div>
          ))}
        </dl>
      </aside>
    </div>
  );
}

function Way({
  number,
  title,
  text,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly text: string;
  readonly children: string;
}): ReactNode {
  return (
    <li>
      <span className="way-number">{number}</span>
      <h2>{title}</h2>
      <p className="quiet">{text}</p>
      <div className="code">
        <pre className="mono">{children}</pre>
        <CopyButton text={children} what={title} label="Copy" />
      </div>
    </li>
  );
}

/** What will be drawn: a step, its event, a delivery for each consumer, and the one that never came. */
function WhatWillShow() {
  return (
    <svg
      className="promise"
      viewBox="0 0 690 130"
      role="img"
      aria-label="A step publishes an event; each consumer gets a delivery, with every attempt; the ones that never came are drawn too"
    >
      <g fill="none" className="promise-line">
        <path d="M150 62h68" />
        <path d="M380 62c50 0 30-42 80-42M380 62h80M380 62c50 0 30 42 80 42" />
      </g>
      <g className="promise-box">
        <rect x="1" y="40" width="149" height="44" rx="8" />
        <rect x="222" y="46" width="158" height="32" rx="16" />
        <rect x="462" y="2" width="220" height="36" rx="8" />
        <rect x="462" y="44" width="220" height="36" rx="8" />
        <rect x="462" y="86" width="220" height="36" rx="8" className="promise-ghost" />
      </g>
      <g className="promise-text">
        <text x="16" y="66">
          a step: place-order
        </text>
        <text x="240" y="66">
          an event: order.placed
        </text>
        <text x="476" y="24">
          a delivery to each consumer,
        </text>
        <text x="476" y="66">
          with every attempt and back-off,
        </text>
        <text x="476" y="108">
          and the ones that never came
        </text>
      </g>
    </svg>
  );
}
