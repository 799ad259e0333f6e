import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Scene } from '../scene/Scene.js';
import { SidePanel } from './SidePanel.js';
import { selectionOf } from './selection.js';

const WIDTH = { least: 320, usual: 376, most: 560, step: 20 } as const;
const KEY = 'upshot.panel';

/** A view with the panel of what is selected beside it; the border between them can be moved. */
export function PanelFrame({
  index,
  scene,
  selected,
  select,
  children,
}: {
  readonly index: WorkflowIndex;
  readonly scene: Scene;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  readonly children: ReactNode;
}) {
  const [width, setWidth] = useState(() => limited(Number(localStorage.getItem(KEY)) || WIDTH.usual));
  const isShown = selectionOf(index, scene, selected) !== null;
  const resize = (to: number) => {
    const next = limited(to);
    setWidth(next);
    localStorage.setItem(KEY, `${next}`);
  };
  const drag = (event: PointerEvent<HTMLHRElement>) => {
    if (event.buttons === 1) resize(innerWidth - event.clientX);
  };
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? WIDTH.step : event.key === 'ArrowRight' ? -WIDTH.step : 0;
    if (by === 0) return;
    event.preventDefault();
    resize(width + by);
  };
  return (
    <div className="frame">
      {children}
      {isShown && (
        <>
          <hr
            className="frame-border"
            tabIndex={0}
            aria-orientation="vertical"
            aria-label="Width of the panel"
            aria-valuenow={width}
            aria-valuemin={WIDTH.least}
            aria-valuemax={WIDTH.most}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onKeyDown={press}
          />
          <div className="frame-panel" style={{ width }}>
            <SidePanel index={index} scene={scene} selected={selected} select={select} />
          </div>
        </>
      )}
    </div>
  );
}

function limited(width: number): number {
  return Math.max(WIDTH.least, Math.min(WIDTH.most, width));
}
