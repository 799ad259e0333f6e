import { Panel, useReactFlow, useStore } from '@xyflow/react';
import { Glyph } from '../../icons/Glyph.js';

export function ZoomControls({ onArrange }: { readonly onArrange: () => void }) {
  const flow = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <Panel position="bottom-right" className="zoom">
      <button type="button" aria-label="Smaller" onClick={() => void flow.zoomOut()}>
        <Glyph name="minus" />
      </button>
      <button type="button" title="To 100 %" onClick={() => void flow.zoomTo(1)}>
        {percent} %
      </button>
      <button type="button" aria-label="Larger" onClick={() => void flow.zoomIn()}>
        <Glyph name="plus" />
      </button>
      <button
        type="button"
        title="Show the whole"
        onClick={() => void flow.fitView({ padding: 0.06, maxZoom: 1 })}
      >
        Fit
      </button>
      <button
        type="button"
        title="Lay out anew: cards that came later stand where there was room"
        onClick={onArrange}
      >
        Arrange
      </button>
    </Panel>
  );
}
