import { useStore, ViewportPortal } from '@xyflow/react';
import { memo } from 'react';
import type { SceneEdge } from '../scene/Scene.js';
import { edgePath } from './edgePath.js';
import type { Point } from './placement.js';

/** A line with its places. */
export interface DrawnEdge {
  readonly edge: SceneEdge;
  readonly from: Point;
  readonly to: Point;
  readonly bends: readonly Point[];
}

/** Lines are drawn for the view and so much around it (pixels of the graph), and chosen anew when the view has moved by as much. */
const CELL = 600;

/** The lines of the graph, in the order of the cards, below them. Lines that are off screen are not drawn. */
export function EdgeLayer({
  edges,
  faded,
  pointed,
  showCritical,
  isWhole,
  onPoint,
}: {
  readonly edges: readonly DrawnEdge[];
  readonly faded: ReadonlySet<string> | null;
  readonly pointed: string | null;
  readonly showCritical: boolean;
  /** Lines that are off screen are drawn too. */
  readonly isWhole: boolean;
  readonly onPoint: (edge: SceneEdge | null, at: Point) => void;
}) {
  const view = useStore(viewCells);
  const [left, top, right, bottom] = view.split(' ').map(Number) as [number, number, number, number];
  const shown = edges.filter(
    ({ from, to }) =>
      isWhole ||
      (Math.max(from.x, to.x) >= left &&
        Math.min(from.x, to.x) <= right &&
        Math.max(from.y, to.y) >= top &&
        Math.min(from.y, to.y) <= bottom),
  );
  return (
    <ViewportPortal>
      <svg className="edges" width="1" height="1" aria-hidden="true">
        <defs>
          {MARKERS.map(({ id, className }) => (
            <marker
              key={id}
              id={id}
              viewBox="0 0 8 8"
              refX="7.4"
              refY="4"
              markerWidth="9"
              markerHeight="9"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M.6.6 7.4 4 .6 7.4Z" className={className} />
            </marker>
          ))}
        </defs>
        {shown.map((drawn) => (
          <Line
            key={drawn.edge.id}
            drawn={drawn}
            isFaded={faded !== null && (faded.has(drawn.edge.from) || faded.has(drawn.edge.to))}
            isPointed={pointed === drawn.edge.id}
            showCritical={showCritical}
            onPoint={onPoint}
          />
        ))}
      </svg>
    </ViewportPortal>
  );
}

const MARKERS = [
  { id: 'arrow', className: 'arrow' },
  { id: 'arrow-critical', className: 'arrow arrow-critical' },
  { id: 'arrow-ghost', className: 'arrow arrow-ghost' },
  { id: 'arrow-pointed', className: 'arrow arrow-pointed' },
];

/** The corner cells of the view: a text, so that a pan within them draws nothing anew. */
function viewCells({
  transform: [x, y, zoom],
  width,
  height,
}: {
  transform: readonly [number, number, number];
  width: number;
  height: number;
}): string {
  const cell = (value: number, by: number) => (Math.floor(value / CELL) + by) * CELL;
  return [
    cell(-x / zoom, -1),
    cell(-y / zoom, -1),
    cell((width - x) / zoom, 2),
    cell((height - y) / zoom, 2),
  ].join(' ');
}

const Line = memo(function Line({
  drawn: { edge, from, to, bends },
  isFaded,
  isPointed,
  showCritical,
  onPoint,
}: {
  readonly drawn: DrawnEdge;
  readonly isFaded: boolean;
  readonly isPointed: boolean;
  readonly showCritical: boolean;
  readonly onPoint: (edge: SceneEdge | null, at: Point) => void;
}) {
  const path = edgePath(from, to, bends);
  const isCritical = edge.isCritical && showCritical;
  const kind = isPointed ? 'pointed' : edge.isGhost ? 'ghost' : isCritical ? 'critical' : null;
  const classes = ['edge', `edge-${edge.certainty}`];
  if (edge.isGhost) classes.push('edge-ghost');
  if (isCritical) classes.push('edge-critical');
  if (isPointed) classes.push('edge-pointed');
  if (isFaded) classes.push('is-faded');
  return (
    <g>
      <path d={path} className={classes.join(' ')} markerEnd={`url(#arrow${kind ? `-${kind}` : ''})`} />
      <path
        d={path}
        className="edge-hit"
        onPointerEnter={(event) => onPoint(edge, { x: event.clientX, y: event.clientY })}
        onPointerLeave={() => onPoint(null, { x: 0, y: 0 })}
      />
    </g>
  );
});
