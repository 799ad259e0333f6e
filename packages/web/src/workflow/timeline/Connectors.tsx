import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Scene } from '../scene/Scene.js';
import { LANE } from './laneMeasures.js';
import { type Lane, stretchOf } from './lanes.js';
import type { TimeScale } from './TimeScale.js';

/** Lines down from where an event left to the lanes that it led to, in the dash of their evidence. */
export function Connectors({
  index,
  scene,
  lanes,
  scale,
  from,
  to,
  showCritical,
}: {
  readonly index: WorkflowIndex;
  readonly scene: Scene;
  readonly lanes: readonly Lane[];
  readonly scale: TimeScale;
  readonly from: number;
  readonly to: number;
  readonly showCritical: boolean;
}) {
  const rows = new Map(lanes.map(({ card }, at) => [card.id, at]));
  const paths = scene.edges.flatMap((edge) => {
    const [source, target] = [rows.get(edge.from), rows.get(edge.to)];
    if (source === undefined || target === undefined || source === target) return [];
    if (Math.max(source, target) < from || Math.min(source, target) > to) return [];
    const left = scale.x(index.timeOf(edge.pill ?? edge.causes[0]!.from));
    const lane = lanes[target]!;
    const [first] = lane.attempts;
    const begin = first
      ? scale.x(stretchOf(first, index.end).from)
      : lane.whole
        ? scale.x(lane.whole.from)
        : left;
    const [top, bottom] = [source * LANE.height + 46, target * LANE.height + 24];
    const isCritical = edge.isCritical && showCritical;
    return [
      <path
        key={edge.id}
        d={`M${left + 0.5} ${top}V${bottom}H${Math.max(begin, left)}`}
        className={`edge edge-${edge.certainty}${isCritical ? ' edge-critical' : ''}${edge.isGhost ? ' edge-ghost' : ''}`}
      />,
    ];
  });
  return (
    <svg className="connectors" aria-hidden="true" style={{ left: 'var(--label)' }} width="1" height="1">
      {paths}
    </svg>
  );
}
