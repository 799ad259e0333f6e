import type { Finding } from '@upshot/model';
import { CopyButton } from '../../icons/CopyButton.js';
import { StateWord } from '../../icons/Icon.js';
import { formatAge, formatCount, nanos } from '../../words/format.js';
import { bySeverity, findingState } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Selection } from './selection.js';

/** What an operator should know of the selection, with the fix to paste. */
export function NodeFindings({
  index,
  selection,
}: {
  readonly index: WorkflowIndex;
  readonly selection: Selection;
}) {
  const ids =
    selection.type === 'delivery'
      ? [selection.delivery.id, ...selection.attempts.map(({ id }) => id)]
      : selection.type === 'event'
        ? [selection.event.id]
        : selection.type === 'step'
          ? [selection.step.id]
          : [];
  const findings = [...new Set(ids.flatMap((id) => index.findingsOf(id)))].sort(bySeverity);
  if (findings.length === 0) return null;
  return (
    <div className="panel-part">
      <h3>Findings</h3>
      <ul className="finding-list">
        {findings.slice(0, 8).map((finding) => (
          <li key={finding.kind + finding.message}>
            <FindingText finding={finding} now={index.end} />
          </li>
        ))}
      </ul>
    </div>
  );
}

export function FindingText({ finding, now }: { readonly finding: Finding; readonly now: bigint }) {
  return (
    <>
      <StateWord state={findingState(finding.kind)} />
      <p>
        <Text value={finding.message} max={600} />
      </p>
      {finding.alike && finding.alike.count > 1 && (
        <p className="quiet">
          {formatCount(finding.alike.count)} alike over all workflows, the first{' '}
          {formatAge(nanos(finding.alike.firstSeenUnixNano), now)}
        </p>
      )}
      {finding.fix && (
        <div className="fix">
          <Text value={finding.fix} max={1500} />
          <CopyButton text={finding.fix} what="the fix" />
        </div>
      )}
    </>
  );
}
