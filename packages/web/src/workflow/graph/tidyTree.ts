import { type Box, GAP, type Layout, type Link, type Point } from './placement.js';

/**
 * A layout in linear time for graphs too large for ELK: a tree over each card's first cause, from left to right; the other causes are lines
 * over it. A card stands at the height of its first effect, each branch below the one before it.
 */
export function tidyTree(boxes: readonly Box[], links: readonly Link[]): Layout {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const parent = firstCauses(boxes, links);
  const children = new Map<string, Box[]>();
  for (const box of boxes) {
    const above = parent.get(box.id);
    if (above !== undefined) children.set(above, [...(children.get(above) ?? []), box]);
  }
  const places = new Map<string, Point>();
  let free = 0;
  for (const root of boxes) {
    if (parent.has(root.id)) continue;
    // Down the first branch of each card, then up again: `free` is the lowest line that is taken.
    const open: { box: Box; x: number; top: number | null }[] = [{ box: root, x: 0, top: null }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { box, x } = next;
      const y = next.top ?? free;
      places.set(box.id, { x, y });
      free = Math.max(free, y + box.height + GAP.below);
      const below = children.get(box.id) ?? [];
      for (let at = below.length - 1; at >= 0; at--) {
        open.push({ box: below[at]!, x: x + box.width + GAP.columns, top: at === 0 ? y : null });
      }
    }
  }
  for (const [id] of byId) if (!places.has(id)) places.set(id, { x: 0, y: 0 });
  return { places, bends: new Map() };
}

/** The card that each card hangs on: its first cause that does not close a circle. */
function firstCauses(boxes: readonly Box[], links: readonly Link[]): Map<string, string> {
  const known = new Set(boxes.map(({ id }) => id));
  const parent = new Map<string, string>();
  for (const { from, to } of links) {
    if (from === to || parent.has(to) || !known.has(from) || !known.has(to)) continue;
    if (!leadsTo(parent, from, to)) parent.set(to, from);
  }
  return parent;
}

function leadsTo(parent: ReadonlyMap<string, string>, from: string, to: string): boolean {
  for (let at: string | undefined = from; at !== undefined; at = parent.get(at)) if (at === to) return true;
  return false;
}
