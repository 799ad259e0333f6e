import { useMemo } from 'react';
import { Link } from 'wouter';
import { Glyph } from '../icons/Glyph.js';
import { Curve } from '../plots/Curve.js';
import { workflowPath } from '../url/paths.js';
import { formatCount, formatShare } from '../words/format.js';
import { Text } from '../words/Text.js';
import { complianceCurve, type ServiceCompliance, trendWords } from './complianceCurve.js';

/** How far one service keeps the rules, whether that grows better, and what it breaks. */
export function ServiceCard({
  service,
  range,
}: {
  readonly service: ServiceCompliance;
  readonly range: readonly [from: number, to: number];
}) {
  const { checked, compliant, rules } = service;
  const points = useMemo(() => complianceCurve(service), [service]);
  const trend = trendWords(service);
  const share = checked === 0 ? 'nothing checked' : formatShare(compliant, checked);
  return (
    <div className="card">
      <div className="service-head">
        <div>
          <h2>
            <Text value={service.service} max={60} />
          </h2>
          <p>
            <b className={compliant === checked ? 't-ok' : 't-retry'}>{share}</b>{' '}
            <span className="quiet">
              {formatCount(compliant)} of {formatCount(checked)} comply
            </span>
          </p>
          <p className="quiet small">
            <span className={trend.tone ? `t-${trend.tone}` : ''}>
              {trend.tone && <Glyph name={trend.tone === 'ok' ? 'up' : 'down'} />} {trend.words}
            </span>
            {service.score > 0 && <> · mend-first score {Number(service.score.toPrecision(3))}</>}
          </p>
        </div>
        <div className="service-curve">
          <Curve
            points={points}
            range={range}
            highest={1}
            isGapEmpty
            tone={compliant === checked ? '--ok' : '--retryFill'}
            label={`Compliant share over time: ${share} in all, ${trend.words}`}
          />
          <span className="faint small">share that complies, over time (top: all)</span>
        </div>
      </div>
      {rules.length > 0 && (
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
            {rules.map(({ rule, count, examples }) => (
              <tr key={rule}>
                <td>
                  <Text className="mono" value={rule} max={80} />
                </td>
                <td className="num">{formatCount(count)}</td>
                <td>
                  {examples.slice(0, 3).map((example) => (
                    <Link key={example} className="mono example" href={workflowPath(example)}>
                      <Text value={example} max={40} />
                    </Link>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
