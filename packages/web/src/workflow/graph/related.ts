import type { Scene } from '../scene/Scene.js';

/** The cards that have nothing to do with some of them: neither causes, up to the root, nor effects. */
export function unrelated(scene: Scene, cards: readonly string[]): Set<string> {
  const related = new Set(cards);
  walk(scene, cards, related, 'to', 'from');
  walk(scene, cards, related, 'from', 'to');
  return new Set(scene.cards.flatMap(({ id }) => (related.has(id) ? [] : [id])));
}

function walk(
  scene: Scene,
  from: readonly string[],
  into: Set<string>,
  near: 'from' | 'to',
  far: 'from' | 'to',
): void {
  const next = new Map<string, string[]>();
  for (const edge of scene.edges) next.set(edge[near], [...(next.get(edge[near]) ?? []), edge[far]]);
  const seen = new Set(from);
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next.get(id) ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      into.add(other);
      open.push(other);
    }
  }
}

export type Move = 'cause' | 'effect' | 'above' | 'below' | 'next' | 'previous';

/** The card that a key leads to from another one; null where there is none. Without a card it is the first. */
export function moveFrom(scene: Scene, card: string | null, move: Move): string | null {
  const order = scene.cards.map(({ id }) => id);
  if (card === null || !order.includes(card)) return order[0] ?? null;
  const parents = scene.edges.filter(({ to }) => to === card);
  const children = (id: string) => [
    ...new Set(scene.edges.filter(({ from }) => from === id).map(({ to }) => to)),
  ];
  switch (move) {
    case 'cause':
      return parents[0]?.from ?? null;
    case 'effect':
      return children(card)[0] ?? null;
    case 'above':
    case 'below': {
      const siblings = parents[0]
        ? children(parents[0].from)
        : order.filter((id) => !scene.edges.some(({ to }) => to === id));
      return siblings[siblings.indexOf(card) + (move === 'below' ? 1 : -1)] ?? null;
    }
    case 'next':
    case 'previous':
      return order[order.indexOf(card) + (move === 'next' ? 1 : -1)] ?? null;
  }
}
