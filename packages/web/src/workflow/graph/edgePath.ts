import type { Point } from './placement.js';

/** Radius of the corners of a line that bends. */
const CORNER = 12;
/** How far the control points of a curve lie from its ends, as a part of the way. */
const PULL = 0.55;
/** A line that leads back goes around by at least so much. */
const LEAST_PULL = 60;

/** The path of a line: a curve between neighbouring columns; else straight parts with rounded corners through its bends. */
export function edgePath(from: Point, to: Point, bends: readonly Point[]): string {
  if (bends.length > 0) return through([from, ...bends, to]);
  const dx = to.x - from.x;
  const pull = dx > 0 ? dx * PULL : Math.max(LEAST_PULL, -dx * 0.4);
  return `M${round(from)}C${round({ x: from.x + pull, y: from.y })} ${round({ x: to.x - pull, y: to.y })} ${round(to)}`;
}

function through(points: readonly Point[]): string {
  let path = `M${round(points[0]!)}`;
  for (let at = 1; at < points.length - 1; at++) {
    const [before, here, after] = [points[at - 1]!, points[at]!, points[at + 1]!];
    path += `L${round(towards(here, before))}Q${round(here)} ${round(towards(here, after))}`;
  }
  return `${path}L${round(points.at(-1)!)}`;
}

/** A point on the way from one to another, a corner's radius away, at most half of the way. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function round({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
