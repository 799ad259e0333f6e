import { findingState } from '../words/states.js';
import { Text } from '../words/Text.js';
import { nodeName } from './model/nodeNames.js';
import type { WorkflowIndex } from './model/WorkflowIndex.js';
import { FindingText } from './panel/NodeFindings.js';

const MOST_NODES = 4;

/** What an operator should know of this workflow, the worst first, each with its nodes. */
export function FindingsView({
  index,
  select,
}: {
  readonly index: WorkflowIndex;
  readonly select: (node: string) => void;
}) {
  const { findings } = index.graph;
  if (findings.length === 0)
    return (
      <div className="story">
        <div className="notice">
          <h2>No findings</h2>
          <p className="quiet">Nothing was lost, guessed, given up or mended in this workflow.</p>
        </div>
      </div>
    );
  return (
    <ul className="story findings-view">
      {findings.map((finding, at) => (
        <li
          key={`${finding.kind}${at.toString()}`}
          className={`answer tone-${findingState(finding.kind).tone}`}
        >
          <FindingText finding={finding} now={index.end} />
          <p className="findings-nodes">
            {finding.nodes.slice(0, MOST_NODES).map((id) => {
              const node = index.node(id);
              return node ? (
                <button key={id} type="button" className="button small" onClick={() => select(id)}>
                  <Text value={nodeName(index, node)} max={40} />
                </button>
              ) : null;
            })}
            {finding.nodes.length > MOST_NODES && (
              <span className="quiet">and {finding.nodes.length - MOST_NODES} more nodes</span>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
