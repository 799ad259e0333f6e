import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepPlaces } from '../../src/workflow/graph/keepPlaces.js';
import type { Box, Layout, Link } from '../../src/workflow/graph/placement.js';
import { tidyTree } from '../../src/workflow/graph/tidyTree.js';

/** A graph whose cards each hang on an earlier one, or on none; some have a second cause. */
const graphs = fc
  .array(
    fc.record({ parent: fc.nat(), other: fc.option(fc.nat()), height: fc.integer({ min: 24, max: 300 }) }),
    { minLength: 1, maxLength: 60 },
  )
  .map((sketch) => {
    const boxes: Box[] = sketch.map(({ height }, at) => ({ id: `${at}`, width: 238, height }));
    const links: Link[] = sketch.flatMap(({ parent, other }, at) => {
      const link = (from: number): Link => ({
        id: `${from}>${at}`,
        from: `${from}`,
        fromY: 20,
        to: `${at}`,
        toY: 20,
      });
      if (at === 0 || parent % 7 === 0) return [];
      return [link(parent % at), ...(other === null ? [] : [link(other % sketch.length)])];
    });
    return { boxes, links };
  });

function overlaps(layout: Layout, boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, at) =>
    boxes.slice(at + 1).flatMap((b) => {
      const [p, q] = [layout.places.get(a.id)!, layout.places.get(b.id)!];
      const meets =
        p.x < q.x + b.width && q.x < p.x + a.width && p.y < q.y + b.height && q.y < p.y + a.height;
      return meets ? [`${a.id} and ${b.id}`] : [];
    }),
  );
}

describe('tidyTree', () => {
  it('gives every card a place of its own, right of its first cause', () => {
    fc.assert(
      fc.property(graphs, ({ boxes, links }) => {
        const layout = tidyTree(boxes, links);
        expect(layout.places.size).toBe(boxes.length);
        expect(overlaps(layout, boxes)).toEqual([]);
      }),
    );
  });

  it('is done with thousands of cards at once', () => {
    const boxes = Array.from({ length: 5000 }, (_, at) => ({ id: `${at}`, width: 238, height: 82 }));
    const links = boxes
      .slice(1)
      .map(({ id }, at) => ({ id, from: `${Math.floor(at / 3)}`, fromY: 20, to: id, toY: 20 }));
    const begun = process.cpuUsage().user;
    tidyTree(boxes, links);
    expect((process.cpuUsage().user - begun) / 1000).toBeLessThan(1_000);
  });
});

describe('keepPlaces', () => {
  it('moves nothing that is shown, and gives what is new a place of its own', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), ({ boxes, links }, cut) => {
        const shown = boxes.slice(0, Math.max(Math.ceil(boxes.length / 2), cut % boxes.length || 1));
        const known = new Set(shown.map(({ id }) => id));
        const before = tidyTree(
          shown,
          links.filter(({ from, to }) => known.has(from) && known.has(to)),
        );
        const after = keepPlaces(before, boxes, links);
        expect(after).not.toBeNull();
        for (const { id } of shown) expect(after!.places.get(id)).toEqual(before.places.get(id));
        expect(after!.places.size).toBe(boxes.length);
        expect(overlaps(after!, boxes)).toEqual([]);
      }),
    );
  });

  it('pushes only what a card that grew would cover', () => {
    const boxes = ['a', 'b', 'c'].map((id) => ({ id, width: 238, height: 80 }));
    const before: Layout = {
      places: new Map([
        ['a', { x: 0, y: 0 }],
        ['b', { x: 0, y: 106 }],
        ['c', { x: 400, y: 0 }],
      ]),
      bends: new Map(),
    };
    const after = keepPlaces(before, [{ ...boxes[0]!, height: 140 }, boxes[1]!, boxes[2]!], [])!;
    expect([...after.places]).toEqual([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 0, y: 166 }],
      ['c', { x: 400, y: 0 }],
    ]);
  });

  it('leaves it to a layout anew where most is new', () => {
    const boxes = ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 238, height: 80 }));
    expect(keepPlaces({ places: new Map([['a', { x: 0, y: 0 }]]), bends: new Map() }, boxes, [])).toBeNull();
  });
});
