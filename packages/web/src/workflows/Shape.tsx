import type { DeliveryStatus, WorkflowRow } from '@upshot/model';
import { formatCount } from '../words/format.js';
import { DELIVERY_STATES } from '../words/states.js';
import { SHAPE_HEIGHT, type ShapeMark, shapeMarks } from './shapeMarks.js';

/** From so many branches on they are one bar with their number: single marks would stand for almost none of them. */
const BAR_FROM = 40;

/** The branches of a workflow as small marks, by distance from the root. */
export function Shape({ row }: { readonly row: WorkflowRow }) {
  const columns = shapeMarks(row.shape);
  if (columns.length === 0) return null;
  const isLarge = row.counts.deliveries >= BAR_FROM;
  return (
    <svg
      className="shape"
      width="112"
      height={SHAPE_HEIGHT}
      viewBox={`0 0 112 ${SHAPE_HEIGHT}`}
      role="img"
      aria-label={words(row)}
    >
      <path d="M4 11.5v7l6-3.5Z" className="shape-root" />
      {columns.map((column, at) =>
        column.marks.map((mark) => (
          <path
            key={`${mark.x},${mark.y}`}
            className="shape-line"
            d={lineTo(mark, at === 0 ? 10 : column.x - 17 + 3)}
          />
        )),
      )}
      {columns.map((column) =>
        isLarge && column.more > 0 ? (
          <g key={column.x}>
            <rect x={column.x - 4} y="3" width="8" height="24" rx="1" className="mark s-ok-fill" />
            {column.marks
              .filter((mark) => mark.status !== 'succeeded' && mark.status !== 'recovered')
              .slice(0, 1)
              .map((mark) => (
                <rect
                  key={mark.y}
                  x={column.x - 4}
                  y="3"
                  width="8"
                  height="5"
                  className={`mark f-${DELIVERY_STATES[mark.status].tone}`}
                />
              ))}
          </g>
        ) : (
          column.marks.map((mark) => <Mark key={mark.y} mark={mark} />)
        ),
      )}
      {isLarge && (
        <text x={(columns.at(-1)?.x ?? 0) + 8} y="18.5" className="shape-count">
          ×{formatCount(row.counts.deliveries)}
        </text>
      )}
    </svg>
  );
}

function Mark({ mark: { status, x, y } }: { readonly mark: ShapeMark }) {
  switch (status) {
    case 'succeeded':
      return <circle cx={x} cy={y} r="2.6" className="mark f-ok" />;
    case 'recovered':
      return (
        <>
          <circle cx={x} cy={y} r="2.6" className="mark f-ok" />
          <path d={`M${x - 4} ${y - 3.4}h4l-4 4Z`} className="mark f-retry" />
        </>
      );
    case 'processing':
      return <circle cx={x} cy={y} r="2.3" className="mark o-run" />;
    case 'waiting':
      return <path d={`M${x - 3} ${y}h6`} className="mark o-wait" />;
    case 'retrying':
      return <path d={`M${x} ${y - 3.2}l3.3 6h-6.6Z`} className="mark f-retry" />;
    case 'failed':
      return <path d={`M${x - 2.8} ${y - 2.8}h5.6v5.6h-5.6Z`} className="mark f-fail" />;
    case 'dead-lettered':
      return <path d={`M${x} ${y - 3.8}l3.8 3.8-3.8 3.8-3.8-3.8Z`} className="mark f-dead" />;
    case 'missing':
      return <circle cx={x} cy={y} r="2.6" className="mark o-miss" />;
  }
}

function lineTo(mark: ShapeMark, from: number): string {
  const middle = SHAPE_HEIGHT / 2;
  return `M${from} ${middle}C${from + 5} ${middle} ${mark.x - 8} ${mark.y} ${mark.x - 3} ${mark.y}`;
}

/** The same in words, for who does not see it: `4 branches at distance 1: 3 succeeded, 1 recovered`. */
function words(row: WorkflowRow): string {
  const lines = row.shape.map((statuses, at) => {
    const counts = new Map<DeliveryStatus, number>();
    for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    const parts = [...counts].map(([status, count]) => `${count} ${status}`);
    return `distance ${at + 1}: ${parts.join(', ')}`;
  });
  return `Shape: ${lines.join('; ')}`;
}
