import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { SizedScene } from './drawScene.js';
import type { LaidOut } from './useLayout.js';

/** Where the whole would be smaller than this, its beginning is shown at a size that can be read. */
const LEAST_FIT = 0.6;
const START_ZOOM = 0.85;
const MARGIN = 28;

/** Moves the view only where it must: to the whole when a graph was laid out, and to a selection that is off screen. */
export function useView(laidOut: LaidOut | null, { sizes }: SizedScene, selectedCard: string | null): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  const shownRound = useRef(0);
  const latest = useRef(sizes);
  latest.current = sizes;

  useEffect(() => {
    if (!laidOut || laidOut.round === shownRound.current) return;
    shownRound.current = laidOut.round;
    const { width, height } = store.getState();
    let [right, bottom] = [0, 0];
    for (const [id, place] of laidOut.layout.places) {
      const size = latest.current.get(id);
      right = Math.max(right, place.x + (size?.width ?? 0));
      bottom = Math.max(bottom, place.y + (size?.height ?? 0));
    }
    // The legend and the zoom stand over the lower edge.
    const zoom = Math.min(1, (width - 2 * MARGIN) / right, (height - MARGIN - 80) / bottom);
    if (zoom >= LEAST_FIT) {
      const y = Math.max(MARGIN, (height - 60 - bottom * zoom) / 2);
      void flow.setViewport({ x: MARGIN, y: Math.min(y, 60), zoom });
      return;
    }
    const first = laidOut.layout.places.values().next().value ?? { x: 0, y: 0 };
    void flow.setViewport({
      x: MARGIN,
      y: Math.min(height / 3, 200) - first.y * START_ZOOM,
      zoom: START_ZOOM,
    });
  }, [laidOut, flow, store]);

  useEffect(() => {
    const place = selectedCard === null ? undefined : laidOut?.layout.places.get(selectedCard);
    const size = selectedCard === null ? undefined : latest.current.get(selectedCard);
    if (!place || !size) return;
    const {
      transform: [x, y, zoom],
      width,
      height,
    } = store.getState();
    const [left, top] = [place.x * zoom + x, place.y * zoom + y];
    const isOn =
      left >= 0 &&
      top >= 0 &&
      left + Math.min(size.width, 240) * zoom <= width &&
      top + Math.min(size.height, 90) * zoom <= height;
    if (!isOn)
      void flow.setCenter(place.x + size.width / 2, place.y + Math.min(size.height, height / zoom) / 2, {
        zoom: Math.max(zoom, LEAST_FIT),
      });
  }, [selectedCard, laidOut, flow, store]);
}
