import '@xyflow/react/dist/base.css';
import './GraphView.css';
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { StackView } from '../scene/cardSize.js';
import type { Scene, SceneEdge } from '../scene/Scene.js';
import { CardNode, type CardNodeType } from './CardNode.js';
import { drawEdges, sizeScene } from './drawScene.js';
import { EdgeLayer } from './EdgeLayer.js';
import { EvidencePopover } from './EvidencePopover.js';
import { GraphContext, type GraphContextValue } from './GraphContext.js';
import { Legend } from './Legend.js';
import type { Point } from './placement.js';
import { unrelated } from './related.js';
import { useLayout } from './useLayout.js';
import { useView } from './useView.js';
import { ZoomControls } from './ZoomControls.js';

const NODE_TYPES = { card: CardNode };
/** Pointing at something lets the rest step back; beyond so many cards that is more flicker than help. */
const MOST_FADED = 300;
/** Milliseconds until evidence shows, so that crossing a line opens nothing. */
const POINT_MS = 150;

export interface GraphViewProps {
  readonly name: string;
  readonly index: WorkflowIndex;
  readonly scene: Scene;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  readonly toggleStack: (card: string) => void;
  readonly showCritical: boolean;
  /** Draws what is off screen too, for a picture. */
  readonly isPictured: boolean;
}

export function GraphView(props: GraphViewProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({
  name,
  index,
  scene,
  selected,
  select,
  toggleStack,
  showCritical,
  isPictured,
}: GraphViewProps) {
  const [views, setViews] = useState<ReadonlyMap<string, StackView>>(new Map());
  const [pointed, setPointed] = useState<{ readonly edge: SceneEdge; readonly at: Point } | null>(null);
  const sized = useMemo(() => sizeScene(index, scene, views), [index, scene, views]);
  const { laidOut, arrange } = useLayout(name, sized.boxes, sized.links);
  const selectedCard = selected === null ? null : (scene.cardOf.get(selected) ?? null);
  useView(laidOut, sized, selectedCard);
  const faded = useMemo(
    () => (pointed === null || scene.cards.length > MOST_FADED ? null : unrelatedTo(scene, pointed.edge)),
    [pointed, scene],
  );
  const doubts = useMemo(() => {
    const words = new Map<string, string[]>();
    for (const edge of scene.edges) {
      if (edge.words !== null) words.set(edge.to, [...new Set([...(words.get(edge.to) ?? []), edge.words])]);
    }
    return words;
  }, [scene]);
  const nodes = useMemo<CardNodeType[]>(
    () =>
      laidOut === null
        ? []
        : scene.cards.flatMap((card) => {
            const position = laidOut.layout.places.get(card.id);
            const size = sized.sizes.get(card.id);
            if (!position || !size) return [];
            return [
              {
                id: card.id,
                type: 'card',
                position,
                ...size,
                measured: size,
                data: { card, doubts: doubts.get(card.id) ?? NONE },
              },
            ];
          }),
    [laidOut, scene, sized, doubts],
  );
  const edges = useMemo(() => (laidOut === null ? [] : drawEdges(sized, laidOut.layout)), [laidOut, sized]);
  const context = useMemo<GraphContextValue>(
    () => ({
      index,
      selected,
      selectedCard,
      select,
      faded,
      isPictured,
      toggleStack,
      stackView: (card) => views.get(card),
      setStackView: (card, view) => setViews((now) => new Map(now).set(card, view)),
      point: () => {},
    }),
    [index, selected, selectedCard, select, faded, isPictured, toggleStack, views],
  );
  const point = usePointing(setPointed);
  return (
    <GraphContext value={context}>
      <div className={`graph${showCritical ? ' show-critical' : ''}`} aria-busy={laidOut === null}>
        <ReactFlow
          nodes={nodes}
          edges={NO_EDGES}
          nodeTypes={NODE_TYPES}
          onlyRenderVisibleElements={!isPictured}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          minZoom={0.04}
          maxZoom={2}
          panOnScroll={false}
          onPaneClick={() => select(null)}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={19} size={1.2} />
          <EdgeLayer
            edges={edges}
            faded={faded}
            pointed={pointed?.edge.id ?? null}
            showCritical={showCritical}
            isWhole={isPictured}
            onPoint={point}
          />
          <Legend />
          <ZoomControls onArrange={arrange} />
        </ReactFlow>
        {laidOut === null && (
          <div className="graph-waiting">
            <span className="skeleton" />
            <span className="skeleton" />
            <span className="skeleton" />
          </div>
        )}
        {pointed && <EvidencePopover index={index} edge={pointed.edge} at={pointed.at} />}
      </div>
    </GraphContext>
  );
}

const NO_EDGES: never[] = [];
const NONE: readonly string[] = [];

/** All but the two ends of a line. */
function unrelatedTo(scene: Scene, edge: SceneEdge): Set<string> {
  const all = unrelated(scene, [edge.from, edge.to]);
  for (const { id } of scene.cards) if (id !== edge.from && id !== edge.to) all.add(id);
  return all;
}

/** Points at a line once the pointer has stayed on it. */
function usePointing(
  set: (pointed: { edge: SceneEdge; at: Point } | null) => void,
): (edge: SceneEdge | null, at: Point) => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const setLatest = useRef(set);
  setLatest.current = set;
  useEffect(() => () => clearTimeout(timer.current), []);
  return useMemo(
    () => (edge, at) => {
      clearTimeout(timer.current);
      if (edge === null) setLatest.current(null);
      else timer.current = setTimeout(() => setLatest.current({ edge, at }), POINT_MS);
    },
    [],
  );
}
