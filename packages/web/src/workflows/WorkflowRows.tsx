import type { WorkflowRow } from '@upshot/model';
import { memo } from 'react';
import { Link } from 'wouter';
import { StateWord } from '../icons/Icon.js';
import { workflowPath } from '../url/paths.js';
import { bothClocks, formatAge, formatClock, formatCount, formatDuration, nanos } from '../words/format.js';
import { findingState, WORKFLOW_STATES } from '../words/states.js';
import { Text } from '../words/Text.js';
import { Shape } from './Shape.js';

const COLUMNS = [
  { name: 'State', className: 'col-state' },
  { name: 'Started by', className: 'col-root' },
  { name: 'Business key', className: 'col-key' },
  { name: 'Shape', className: 'col-shape' },
  { name: 'Deliveries', className: 'col-deliveries num' },
  { name: 'Attempts', className: 'col-attempts num' },
  { name: 'Findings', className: 'col-findings' },
  { name: 'Started', className: 'col-started num' },
  { name: 'Took', className: 'col-took num' },
];

/** The list as a table whose rows are links. */
export function WorkflowRows({ rows, now }: { readonly rows: readonly WorkflowRow[]; readonly now: bigint }) {
  return (
    <table className="rows">
      <caption className="sr">Workflows, newest first</caption>
      <thead>
        <tr>
          {COLUMNS.map(({ name, className }) => (
            <th key={name} scope="col" className={className}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.key} row={row} age={formatAge(nanos(row.startTimeUnixNano), now)} />
        ))}
      </tbody>
    </table>
  );
}

const Row = memo(function Row({ row, age }: { readonly row: WorkflowRow; readonly age: string }) {
  const { counts, topFinding } = row;
  const start = nanos(row.startTimeUnixNano);
  const took = nanos(row.endTimeUnixNano) - start;
  return (
    <tr className="row">
      <td>
        <StateWord state={WORKFLOW_STATES[row.status]} />
      </td>
      <td className="cut">
        <Text className="strong" value={row.rootName} max={80} />{' '}
        <Text className="quiet" value={row.rootService} max={60} />
      </td>
      <td className="cut">
        <Link className="row-link mono" href={workflowPath(row.key)}>
          <Text value={row.key} max={60} />
        </Link>
      </td>
      <td className="cell-shape">
        <Shape row={row} />
      </td>
      <td className="num">{formatCount(counts.deliveries)}</td>
      <td className="num">
        {counts.attemptsFailed > 0 && (
          <span className="quiet">{formatCount(counts.attemptsFailed)} failed of </span>
        )}
        {formatCount(counts.attempts)}
      </td>
      <td>{topFinding && <TopFinding row={row} />}</td>
      <td className="num started" title={bothClocks(start)}>
        <span className="mono">{formatClock(start).slice(0, 8)}</span>{' '}
        <span className="faint small">{age}</span>
      </td>
      <td className="num">{formatDuration(took < 0n ? 0n : took)}</td>
    </tr>
  );
});

function TopFinding({ row }: { readonly row: WorkflowRow }) {
  const finding = row.topFinding!;
  const more = row.counts.findings - 1;
  return (
    <span className="cell-finding">
      <StateWord state={findingState(finding.kind)} />
      <Text className="strong cell-step" value={finding.step} max={60} />
      <span className="cut quiet">
        <Text value={finding.message} max={200} />
      </span>
      {more > 0 && (
        <span className="count">
          +{formatCount(more)}
          <span className="sr"> more findings</span>
        </span>
      )}
    </span>
  );
}
