import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { Glyph } from '../icons/Glyph.js';
import { graphSvg, pngOf, save } from './share/exportGraph.js';

/** The graph as a picture: what is on screen. */
export function ExportMenu({ name }: { readonly name: string }) {
  const [said, say] = useState('');
  const svg = (): string => {
    const graph = document.querySelector<HTMLElement>('.graph');
    const text = graph && graphSvg(graph);
    if (!text) throw new Error('nothing is drawn yet');
    return text;
  };
  const run = (make: () => Promise<void> | void) => async () => {
    try {
      await make();
      say('');
    } catch (error) {
      say(`No picture: ${(error as Error).message}`);
    }
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
              <Menu.Item
                className="menu-item"
                onClick={() => void run(async () => save(await pngOf(svg()), `${name}.png`))()}
              >
                PNG of what is on screen
              </Menu.Item>
              <Menu.Item
                className="menu-item"
                onClick={() =>
                  void run(() => save(new Blob([svg()], { type: 'image/svg+xml' }), `${name}.svg`))()
                }
              >
                SVG of what is on screen
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}
