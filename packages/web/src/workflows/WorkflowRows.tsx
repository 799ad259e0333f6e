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
  'State',
  'Started by',
  'Business key',
  'Shape',
  'Deliveries',
  'Attempts',
  'Findings',
  'Started',
  'Took',
];
const NUMBERS = new Set(['Deliveries', 'Attempts', 'Started', 'Took']);

/** The list as a table whose rows are links. */
export function WorkflowRows({ rows, now }: { readonly rows: readonly WorkflowRow[]; readonly now: bigint }) {
  return (
    <div className="rows" role="table" aria-label="Workflows, newest first">
      <div className="row head" role="row">
        {COLUMNS.map((name) => (
          <span key={name} role="columnheader" className={NUMBERS.has(name) ? 'num' : undefined}>
            {name}
          </span>
        ))}
      </div>
      {rows.map((row) => (
        <Row key={row.key} row={row} age={formatAge(nanos(row.startTimeUnixNano), now)} />
      ))}
    </div>
  );
}

const Row = memo(function Row({ row, age }: { readonly row: WorkflowRow; readonly age: string }) {
  const { counts, topFinding } = row;
  const start = nanos(row.startTimeUnixNano);
  const took = nanos(row.endTimeUnixNano) - start;
  const clock = formatClock(start);
  return (
    <div className="row" role="row">
      <span role="cell">
        <StateWord state={WORKFLOW_STATES[row.status]} />
      </span>
      <span role="cell" className="cut">
        <Text className="strong" value={row.rootName} max={80} />{' '}
        <Text className="quiet" value={row.rootService} max={60} />
      </span>
      <span role="cell" className="cut">
        <Link className="row-link mono" href={workflowPath(row.key)}>
          <Text value={row.key} max={60} />
        </Link>
      </span>
      <span role="cell" className="cell-shape">
        <Shape row={row} />
      </span>
      <span role="cell" className="num">
        {formatCount(counts.deliveries)}
      </span>
      <span role="cell" className="num">
        {counts.attemptsFailed > 0 && (
          <span className="quiet">{formatCount(counts.attemptsFailed)} failed of </span>
        )}
        {formatCount(counts.attempts)}
      </span>
      <span role="cell" className="cell-finding">
        {topFinding && <TopFinding row={row} />}
      </span>
      <span role="cell" className="num started" title={bothClocks(start)}>
        <span className="mono">{clock.slice(0, 8)}</span> <span className="faint small">{age}</span>
      </span>
      <span role="cell" className="num">
        {formatDuration(took < 0n ? 0n : took)}
      </span>
    </div>
  );
});

function TopFinding({ row }: { readonly row: WorkflowRow }) {
  const finding = row.topFinding!;
  const more = row.counts.findings - 1;
  return (
    <>
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
    </>
  );
}
