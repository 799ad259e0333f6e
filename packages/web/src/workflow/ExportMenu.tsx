import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { Glyph } from '../icons/Glyph.js';
import { formatCount } from '../words/format.js';
import { graphSvg, pngOf } from './share/exportGraph.js';
import { save } from './share/save.js';

/** Cards of a picture: the browser must draw them all at once, and beyond this (some 2 s) nobody finds anything on it. */
const MOST_CARDS = 1000;
/** Milliseconds until all cards are drawn. */
const PATIENCE_MS = 15_000;

/** The whole graph as a picture, also what is off screen. */
export function ExportMenu({
  name,
  cards,
  drawAll,
}: {
  readonly name: string;
  readonly cards: number;
  /** Has the graph draw what is off screen too, or no longer. */
  readonly drawAll: (isAll: boolean) => void;
}) {
  const [said, say] = useState('');
  const picture = async (): Promise<string> => {
    if (cards > MOST_CARDS)
      throw new Error(
        `a picture holds ${formatCount(MOST_CARDS)} cards, and this graph has ${formatCount(cards)}: hide broker spans, close stacks, or copy it as JSON`,
      );
    const graph = document.querySelector<HTMLElement>('.graph');
    if (!graph) throw new Error('nothing is drawn yet');
    drawAll(true);
    try {
      await drawn(graph, cards);
      const text = graphSvg(graph);
      if (!text) throw new Error('nothing is drawn yet');
      return text;
    } finally {
      drawAll(false);
    }
  };
  const run = async (take: (svg: string) => Promise<string> | string) => {
    say('Drawing');
    try {
      say(await take(await picture()));
    } catch (error) {
      say(`No picture: ${(error as Error).message}`);
    }
  };
  const png = async (svg: string) => {
    const { blob, scale } = await pngOf(svg);
    save(blob, `${name}.png`);
    return scale < 1 ? `Drawn at ${Math.floor(scale * 100)} % of its size, to fit; an SVG has all of it` : '';
  };
  const vector = (svg: string) => {
    save(new Blob([svg], { type: 'image/svg+xml' }), `${name}.svg`);
    return '';
  };
  return (
    <>
      <span className="quiet small" role="status">
        {said}
      </span>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button">
          Export <Glyph name="down" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="pop-positioner" sideOffset={4} align="end">
            <Menu.Popup className="pop">
              <Menu.Item className="menu-item" onClick={() => void run(png)}>
                PNG of the whole graph
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={() => void run(vector)}>
                SVG of the whole graph
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}

/** Waits until all cards are in the document, and lines after them. */
async function drawn(graph: HTMLElement, cards: number): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const begun = performance.now();
  while (graph.querySelectorAll('.react-flow__node .gcard:not(.is-patch)').length < cards) {
    if (performance.now() - begun > PATIENCE_MS) throw new Error('it took too long to draw');
    await frame();
  }
  await frame();
  await frame();
}
