import '@xyflow/react/dist/base.css';
import '../workflow/graph/GraphView.css';
import {
  Background,
  BackgroundVariant,
  type Node,
  type NodeProps,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  ViewportPortal,
} from '@xyflow/react';
import { createContext, memo, useContext, useMemo } from 'react';
import { Icon } from '../icons/Icon.js';
import { formatCount, formatDuration, formatShare, nanos } from '../words/format.js';
import { Text } from '../words/Text.js';
import { edgePath } from '../workflow/graph/edgePath.js';
import { useLayout } from '../workflow/graph/useLayout.js';
import { ZoomControls } from '../workflow/graph/ZoomControls.js';
import { FitOnce } from './FitOnce.js';
import {
  boxesAndLinks,
  PLACE,
  type Place,
  placeHeight,
  type Road,
  roadWidth,
  totalOf,
} from './topologyGraph.js';

type PlaceNodeType = Node<{ readonly place: Place }, 'place'>;
const NODE_TYPES = { place: memo(PlaceNode) };
const NO_EDGES: never[] = [];
/** From this part of failed deliveries on a way says so. */
const WORTH_SAYING = 0.01;

interface Selecting {
  readonly selected: string | null;
  select(name: string | null): void;
}
const Selected = createContext<Selecting>({ selected: null, select: () => {} });

interface MapProps extends Selecting {
  readonly places: readonly Place[];
  readonly roads: readonly Road[];
}

export function TopologyMap(props: MapProps) {
  return (
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  );
}

function Drawn({ places, roads, selected, select }: MapProps) {
  const { boxes, links } = useMemo(() => boxesAndLinks(places, roads), [places, roads]);
  const { laidOut, arrange } = useLayout('topology', boxes, links);
  const nodes = useMemo<PlaceNodeType[]>(
    () =>
      places.flatMap((place) => {
        const position = laidOut?.layout.places.get(place.name);
        const size = { width: PLACE.width, height: placeHeight(place) };
        return position
          ? [{ id: place.name, type: 'place', position, ...size, measured: size, data: { place } }]
          : [];
      }),
    [places, laidOut],
  );
  const value = useMemo(() => ({ selected, select }), [selected, select]);
  return (
    <Selected value={value}>
      <div className="graph">
        <ReactFlow
          nodes={nodes}
          edges={NO_EDGES}
          nodeTypes={NODE_TYPES}
          onlyRenderVisibleElements
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          minZoom={0.1}
          maxZoom={2}
          onPaneClick={() => select(null)}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={19} size={1.2} />
          <FitOnce round={laidOut?.round ?? 0} />
          <ViewportPortal>
            <svg className="edges" width="1" height="1" aria-hidden="true">
              {roads.map((road, at) => {
                const link = links[at]!;
                const [from, to] = [
                  laidOut?.layout.places.get(road.from),
                  laidOut?.layout.places.get(road.to),
                ];
                if (!from || !to) return null;
                const start = { x: from.x + PLACE.width + PLACE.out, y: from.y + link.fromY };
                const end = { x: to.x - 3, y: to.y + link.toY };
                const { deliveries, deadLettered, failed, rate } = road.health;
                const trouble =
                  failed / Math.max(1, deliveries) < WORTH_SAYING
                    ? null
                    : deadLettered > 0
                      ? { name: 'dead', words: `${formatShare(deadLettered, deliveries)} dead-lettered` }
                      : { name: 'fail', words: `${formatShare(failed, deliveries)} failed` };
                return (
                  <g key={road.id}>
                    <path
                      d={edgePath(start, end, laidOut?.layout.bends.get(road.id) ?? [])}
                      className={`edge edge-${road.certainty}${trouble ? ` road-${trouble.name}` : ''}`}
                      style={{ strokeWidth: roadWidth(rate * 60) }}
                    />
                    <path d={`M${end.x - 5} ${end.y - 5}l8 5-8 5Z`} className="arrow" />
                    {trouble && (
                      <text
                        x={end.x - 10}
                        y={end.y - 9}
                        textAnchor="end"
                        className={`road-words t-${trouble.name}`}
                      >
                        {trouble.words}
                      </text>
                    )}
                  </g>
                );
              })}
            </svg>
          </ViewportPortal>
          <Panel position="bottom-left" className="legend">
            <span>
              <svg width="30" height="10" aria-hidden="true">
                <path d="M1 3h28" className="edge" />
                <path d="M1 8h28" className="edge road-wide" />
              </svg>
              wider: more deliveries
            </span>
            <span>
              <svg width="30" height="10" aria-hidden="true">
                <path d="M1 5h28" className="edge edge-stitched" />
              </svg>
              stitched by IDs
            </span>
            <span>
              <svg width="30" height="10" aria-hidden="true">
                <path d="M1 5h28" className="edge edge-guessed" />
              </svg>
              guessed or lost
            </span>
          </Panel>
          <ZoomControls onArrange={arrange} />
        </ReactFlow>
      </div>
    </Selected>
  );
}

function PlaceNode({ data: { place } }: NodeProps<PlaceNodeType>) {
  const { selected, select } = useContext(Selected);
  const total = totalOf(place);
  const bad = total.failed;
  const tone =
    total.deadLettered > 0 ? 'dead' : bad > 0 ? 'fail' : place.consumes.length > 0 ? 'ok' : 'plain';
  const icon =
    total.deadLettered > 0
      ? 'dead-lettered'
      : bad > 0
        ? 'failed'
        : total.recovered > 0
          ? 'recovered'
          : 'succeeded';
  const steps = [...new Set(place.consumes.flatMap((one) => one.steps))];
  const waits = place.consumes.flatMap(({ waitNano: { p50, p99 } }) => (p50 && p99 ? [{ p50, p99 }] : []));
  return (
    <div className={`gcard place tone-${tone}${selected === place.name ? ' is-selected' : ''}`}>
      <button
        type="button"
        className="gcard-hit"
        aria-pressed={selected === place.name}
        aria-label={`${place.name.slice(0, 80)}, ${total.deliveries} deliveries, ${bad} failed; publishes ${place.publishes.map(({ eventName }) => eventName.slice(0, 40)).join(', ') || 'nothing'}`}
        onClick={() => select(place.name)}
      />
      <div className="gcard-title">
        <span className={`t-${tone}`}>
          <Icon name={place.consumes.length > 0 ? icon : 'step'} />
        </span>
        <Text className="strong cut" value={place.name || 'unknown producer'} max={40} />
      </div>
      {place.consumes.length > 0 && (
        <>
          <p className="place-steps cut">
            <Text value={steps.join(', ')} max={60} />
          </p>
          <dl className="place-facts">
            <div>
              <dt>Deliveries</dt>
              <dd>{formatCount(total.deliveries)}</dd>
            </div>
            <div>
              <dt>{total.deadLettered > 0 ? 'Dead-lettered' : 'Failed'}</dt>
              <dd className={bad > 0 ? `strong t-${tone}` : undefined}>
                {bad > 0
                  ? formatShare(total.deadLettered > 0 ? total.deadLettered : total.failed, total.deliveries)
                  : '0'}
              </dd>
            </div>
            <div>
              <dt>Wait p50 · p99</dt>
              <dd>
                {waits[0]
                  ? `${formatDuration(nanos(waits[0].p50))} · ${formatDuration(nanos(waits[0].p99))}`
                  : 'unknown'}
              </dd>
            </div>
          </dl>
        </>
      )}
      <div className="pills">
        {place.publishes.map(({ eventName, rate }) => (
          <span key={eventName} className="pill">
            <Icon name="event" size={11} />
            <Text className="mono cut" value={eventName} max={40} />
            <span className="mono faint pill-end">{perMinute(rate * 60)}/min</span>
          </span>
        ))}
      </div>
    </div>
  );
}

function perMinute(rate: number): string {
  return rate >= 10 || rate === 0 ? rate.toFixed(0) : rate < 0.1 ? 'under 0.1' : rate.toFixed(1);
}
