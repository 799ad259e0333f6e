import './TimelineView.css';
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react';
import { formatDuration } from '../../words/format.js';
import { formatShort } from '../../words/formatShort.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Scene } from '../scene/Scene.js';
import { Connectors } from './Connectors.js';
import { findFolds, lengthOf } from './findFolds.js';
import { LaneRow } from './LaneRow.js';
import { LANE, laneWidths } from './laneMeasures.js';
import { boundsOf, busyStretches, lanesOf } from './lanes.js';
import { FOLD_WIDTH, TimeScale } from './TimeScale.js';

/** Lanes above and below those on screen that are drawn as well. */
const AROUND = 12;

export function TimelineView({
  index,
  scene,
  selected,
  select,
  fold,
  showCritical,
}: {
  readonly index: WorkflowIndex;
  readonly scene: Scene;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  readonly fold: boolean;
  readonly showCritical: boolean;
}) {
  const place = useRef<HTMLDivElement>(null);
  const { width, first, count } = useWindowOf(place);
  const widths = laneWidths(width);
  const isNarrow = widths.label < 200;
  const lanes = useMemo(() => lanesOf(index, scene), [index, scene]);
  const scale = useMemo(() => {
    const busy = busyStretches(index);
    const { from, to } = boundsOf(index, busy);
    return new TimeScale(
      from,
      to,
      fold ? findFolds(busy, from, to) : [],
      Math.max(widths.bars, width - widths.label - widths.right),
    );
  }, [index, fold, width, widths]);
  const selectedCard = selected === null ? null : (scene.cardOf.get(selected) ?? null);
  useEffect(() => {
    const at = lanes.findIndex(({ card }) => card.id === selectedCard);
    const element = place.current;
    if (at < 0 || !element) return;
    const top = at * LANE.height;
    if (top < element.scrollTop || top + LANE.height > element.scrollTop + element.clientHeight - LANE.axis) {
      element.scrollTop = Math.max(0, top - element.clientHeight / 3);
    }
  }, [selectedCard, lanes]);
  const [from, to] = [Math.max(0, first - AROUND), Math.min(lanes.length, first + count + AROUND)];
  const ticks = scale.ticks();
  return (
    <div className="timeline-frame" style={{ '--label': `${widths.label}px` } as CSSProperties}>
      {scale.folds.length > 0 && <Proportions scale={scale} />}
      <div className="timeline" ref={place}>
        <div className="timeline-axis">
          {ticks.map(({ x, label }) => (
            <span key={x} style={{ left: widths.label + x }}>
              {label}
            </span>
          ))}
          {scale.folds.map((one) => (
            <b key={`${one.from}`} style={{ left: widths.label + scale.x(one.from) + FOLD_WIDTH / 2 }}>
              {formatShort(lengthOf(one))}
              {isNarrow ? '' : ' folded'}
            </b>
          ))}
        </div>
        <div
          className="timeline-lanes"
          style={{
            height: lanes.length * LANE.height,
            minWidth: isNarrow ? widths.label + widths.bars + widths.right : undefined,
          }}
        >
          {ticks.map(({ x }) => (
            <i key={x} className="timeline-grid" style={{ left: widths.label + x }} />
          ))}
          {scale.folds.map((one) => (
            <i
              key={`${one.from}`}
              className="timeline-fold"
              style={{ left: widths.label + scale.x(one.from), width: FOLD_WIDTH }}
            />
          ))}
          <Connectors
            index={index}
            scene={scene}
            lanes={lanes}
            scale={scale}
            from={from}
            to={to}
            showCritical={showCritical}
          />
          <ol>
            {lanes.slice(from, to).map((lane, at) => (
              <LaneRow
                key={lane.card.id}
                index={index}
                lane={lane}
                top={(from + at) * LANE.height}
                scale={scale}
                isSelected={lane.card.id === selectedCard}
                selected={selected}
                select={select}
                showCritical={showCritical}
              />
            ))}
          </ol>
        </div>
      </div>
      <TimelineLegend />
    </div>
  );
}

/** The true proportions, above what is folded. */
function Proportions({ scale }: { readonly scale: TimeScale }) {
  const whole = Number(scale.end - scale.start) || 1;
  const at = (time: bigint) => `${(100 * Number(time - scale.start)) / whole}%`;
  return (
    <div className="proportions small">
      <span className="quiet">Real proportions</span>
      <div className="proportions-bar">
        {scale.folds.map((one) => (
          <i
            key={`${one.from}`}
            style={{ left: at(one.from), width: `${(100 * Number(lengthOf(one))) / whole}%` }}
          />
        ))}
        <span>
          {formatDuration(scale.end - scale.start)} in all; quiet stretches are folded below, every part has
          one scale
        </span>
      </div>
    </div>
  );
}

function TimelineLegend() {
  return (
    <div className="timeline-legend">
      <span>
        <i className="lg hatch" /> waiting in the broker
      </span>
      <span>
        <i className="lg lg-ok" /> worked, succeeded
      </span>
      <span>
        <i className="lg lg-fail" /> worked, failed
      </span>
      <span>
        <i className="lg dots" /> backing off
      </span>
      <span>
        <i className="lg lg-critical" /> critical path
      </span>
    </div>
  );
}

/** How wide the timeline is, and which lanes are on screen. */
function useWindowOf(place: React.RefObject<HTMLDivElement | null>) {
  const [state, setState] = useState({ width: 1000, first: 0, count: 20 });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const read = () => {
      // In steps, so that a scroll by a line draws nothing anew.
      const first = Math.floor(element.scrollTop / LANE.height / 6) * 6;
      const count = Math.ceil(element.clientHeight / LANE.height) + 6;
      const width = element.clientWidth;
      setState((now) =>
        now.first === first && now.count === count && now.width === width ? now : { width, first, count },
      );
    };
    read();
    const sizes = new ResizeObserver(read);
    sizes.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, [place]);
  return state;
}
