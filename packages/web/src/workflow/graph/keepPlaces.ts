import { type Box, GAP, type Layout, type Link, type Point } from './placement.js';

interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/**
 * Adds what is new to a layout without moving what is there: a new card stands right of its cause, below its siblings, in the first room that
 * is free. A card that grew pushes only what it would cover. Null where too much is new for that to look right: then all is laid out anew.
 */
export function keepPlaces(before: Layout, boxes: readonly Box[], links: readonly Link[]): Layout | null {
  const fresh = boxes.filter(({ id }) => !before.places.has(id));
  if (before.places.size === 0 || fresh.length > boxes.length / 2) return null;
  const places = new Map<string, Point>();
  const byId = new Map(boxes.map((box) => [box.id, box]));
  for (const box of boxes) {
    const place = before.places.get(box.id);
    if (place) places.set(box.id, place);
  }
  makeRoom(boxes, places);
  const cause = new Map<string, Link>();
  for (const link of links) if (!cause.has(link.to) && byId.has(link.from)) cause.set(link.to, link);
  const siblings = new Map<string, string[]>();
  for (const [to, { from }] of cause) siblings.set(from, [...(siblings.get(from) ?? []), to]);

  const taken = new Room([...places].map(([id, place]) => ({ ...place, ...sizeOf(byId.get(id)!) })));
  // The cards come in the order of causes: what a card hangs on has its place already, but in a circle.
  for (const box of fresh) {
    const from = cause.get(box.id)?.from;
    const source = from === undefined ? undefined : places.get(from);
    const x = source && from !== undefined ? source.x + byId.get(from)!.width + GAP.columns : 0;
    const placed = (from === undefined ? [] : (siblings.get(from) ?? [])).flatMap((id) => {
      const place = places.get(id);
      return place ? [place.y + byId.get(id)!.height + GAP.below] : [];
    });
    const y = placed.length > 0 ? Math.max(...placed) : (source?.y ?? taken.bottom + GAP.below);
    const place = { x, y: taken.free(x, y, box) };
    places.set(box.id, place);
    taken.add({ ...place, ...sizeOf(box) });
  }
  const known = new Set(links.map(({ id }) => id));
  return { places, bends: new Map([...before.bends].filter(([id]) => known.has(id))) };
}

function sizeOf({ width, height }: Box): { width: number; height: number } {
  return { width, height };
}

/** Pushes down what a card that grew would cover, and nothing else. */
function makeRoom(boxes: readonly Box[], places: Map<string, Point>): void {
  const placed = boxes
    .filter(({ id }) => places.has(id))
    .sort((a, b) => places.get(a.id)!.y - places.get(b.id)!.y);
  // Cards far apart in x never meet: bands of the width of a card keep this from being quadratic.
  const bands = new Map<number, Box[]>();
  for (const box of placed) {
    let place = places.get(box.id)!;
    const span = bandsOf(place.x, box.width);
    for (const band of span) {
      for (const other of bands.get(band) ?? []) {
        const at = places.get(other.id)!;
        const meets = at.x < place.x + box.width && place.x < at.x + other.width;
        if (meets && place.y < at.y + other.height && at.y < place.y + box.height) {
          place = { x: place.x, y: at.y + other.height + GAP.below };
        }
      }
    }
    places.set(box.id, place);
    for (const band of span) bands.set(band, [...(bands.get(band) ?? []).slice(-40), box]);
  }
}

const BAND = 256;

function bandsOf(x: number, width: number): number[] {
  const [first, last] = [Math.floor(x / BAND), Math.floor((x + width) / BAND)];
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** The room that cards take. */
class Room {
  private readonly bands = new Map<number, Rect[]>();
  bottom = 0;

  constructor(rects: readonly Rect[]) {
    for (const rect of rects) this.add(rect);
  }

  add(rect: Rect): void {
    this.bottom = Math.max(this.bottom, rect.y + rect.height);
    for (const band of bandsOf(rect.x, rect.width))
      this.bands.set(band, [...(this.bands.get(band) ?? []), rect]);
  }

  /** The first height from `y` on where a card of this size covers no other one. */
  free(x: number, y: number, { width, height }: { width: number; height: number }): number {
    const near = bandsOf(x, width)
      .flatMap((band) => this.bands.get(band) ?? [])
      .filter((rect) => rect.x < x + width && x < rect.x + rect.width)
      .sort((a, b) => a.y - b.y);
    let at = y;
    for (const rect of near) {
      if (rect.y < at + height + GAP.below && at < rect.y + rect.height + GAP.below) {
        at = rect.y + rect.height + GAP.below;
      }
    }
    return at;
  }
}
