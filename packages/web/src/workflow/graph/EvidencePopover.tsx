import type { Cause } from '@upshot/model';
import { Icon } from '../../icons/Icon.js';
import { certaintyOf, confidenceWords, evidenceName } from '../../words/evidence.js';
import { formatCount } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import { nodeName } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { SceneEdge } from '../scene/Scene.js';
import type { Point } from './placement.js';

const WIDTH = 260;

/** On what evidence a line stands. It repeats what the panel of its target says. */
export function EvidencePopover({
  index,
  edge,
  at,
}: {
  readonly index: WorkflowIndex;
  readonly edge: SceneEdge;
  readonly at: Point;
}) {
  const cause = [...edge.causes].sort((a, b) => a.confidence - b.confidence)[0];
  if (!cause) return null;
  const [from, to] = [index.node(cause.from), index.node(cause.to)];
  const fault = index.findingsOf(cause.to).find(({ kind }) => kind === 'broken-causality');
  const place = {
    left: Math.min(at.x + 14, innerWidth - WIDTH - 20),
    top: Math.min(at.y + 14, innerHeight - 220),
  };
  return (
    <div className="pop evidence" role="tooltip" style={place}>
      <p className={certaintyOf(cause) === 'declared' ? 'strong' : 'strong t-retry state-word'}>
        {certaintyOf(cause) !== 'declared' && <Icon name="broken" />}
        {edge.isGhost ? 'expected, not seen' : title(cause)}
      </p>
      <p>
        {from && <Text className="mono" value={nodeName(index, from)} max={60} />} to{' '}
        {to && <Text className="strong" value={nodeName(index, to)} max={60} />}
      </p>
      <dl>
        {edge.causes.length > 1 && <Fact name="Causes">{formatCount(edge.causes.length)}</Fact>}
        {cause.evidence.length > 0 && (
          <Fact name="Joined by">{cause.evidence.map(evidenceName).join(', ')}</Fact>
        )}
        <Fact name="Confidence">{confidenceWords(cause.confidence)}</Fact>
        {!cause.evidence.includes('parent') && !cause.evidence.includes('link') && (
          <Fact name="Not declared">no parent, no link</Fact>
        )}
        {fault && (
          <Fact name="At fault">
            <Text value={fault.message} max={160} />
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function title(cause: Cause): string {
  switch (certaintyOf(cause)) {
    case 'declared':
      return 'declared by the sender';
    case 'stitched':
      return 'stitched by IDs, certain';
    case 'guessed':
      return 'guessed';
  }
}
