import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { cardSize, inPort, outPort, type Size, type StackView } from '../scene/cardSize.js';
import type { Card, Scene, SceneEdge } from '../scene/Scene.js';
import type { DrawnEdge } from './EdgeLayer.js';
import type { Box, Layout, Link } from './placement.js';

/** A scene with the sizes of its cards: what a layout places. */
export interface SizedScene {
  readonly scene: Scene;
  readonly sizes: ReadonlyMap<string, Size>;
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

export function sizeScene(
  index: WorkflowIndex,
  scene: Scene,
  views: ReadonlyMap<string, StackView>,
): SizedScene {
  const sizes = new Map<string, Size>();
  const cards = new Map<string, Card>();
  for (const card of scene.cards) {
    cards.set(card.id, card);
    sizes.set(card.id, cardSize(index, card, views.get(card.id)));
  }
  const places = inPlaces(scene.edges);
  return {
    scene,
    sizes,
    boxes: scene.cards.map(({ id }) => ({ id, ...sizes.get(id)! })),
    links: scene.edges.map((edge) => ({
      id: edge.id,
      from: edge.from,
      fromY: outPort(cards.get(edge.from)!, sizes.get(edge.from)!, edge.pill).y,
      to: edge.to,
      toY: inPort(sizes.get(edge.to)!, places.get(edge.id)!).y,
    })),
  };
}

/** The lines of a scene with their places. */
export function drawEdges({ scene, sizes }: SizedScene, layout: Layout): DrawnEdge[] {
  const cards = new Map(scene.cards.map((card) => [card.id, card]));
  const places = inPlaces(scene.edges);
  return scene.edges.flatMap((edge) => {
    const [from, to] = [layout.places.get(edge.from), layout.places.get(edge.to)];
    const card = cards.get(edge.from);
    if (!from || !to || !card) return [];
    const out = outPort(card, sizes.get(edge.from)!, edge.pill);
    const into = inPort(sizes.get(edge.to)!, places.get(edge.id)!);
    return [
      {
        edge,
        from: { x: from.x + out.x, y: from.y + out.y },
        to: { x: to.x + into.x, y: to.y + into.y },
        bends: layout.bends.get(edge.id) ?? [],
      },
    ];
  });
}

/** Which line from above each is at the card that it leads to: two sources never share an arrow. */
function inPlaces(edges: readonly SceneEdge[]): Map<string, number> {
  const counts = new Map<string, number>();
  const places = new Map<string, number>();
  for (const { id, to } of edges) {
    const place = counts.get(to) ?? 0;
    places.set(id, place);
    counts.set(to, place + 1);
  }
  return places;
}
