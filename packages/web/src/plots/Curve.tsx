import 'uplot/dist/uPlot.min.css';
import './Curve.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

const HEIGHT = 36;

export interface CurvePoint {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Values over time in little room, without axes: what it says stands in words beside it, and in its name. */
export function Curve({
  points,
  range,
  highest,
  tone,
  isGapEmpty = false,
  label,
}: {
  readonly points: readonly CurvePoint[];
  /** Seconds. The same for all curves of a page: they are compared. */
  readonly range: readonly [from: number, to: number];
  /** The value at the top. */
  readonly highest: number;
  /** A token of the page's colours, as `--fail`. */
  readonly tone: string;
  /** Where there is no point there is no value; else it is 0. */
  readonly isGapEmpty?: boolean;
  readonly label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element || points.length === 0) return;
    const draw = () => plot(element, steps(points, range, isGapEmpty ? null : 0), range, highest, tone);
    let drawn = draw();
    const again = () => {
      drawn.destroy();
      drawn = draw();
    };
    const sizes = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', again);
    addEventListener('upshot-theme', again);
    return () => {
      sizes.disconnect();
      system.removeEventListener('change', again);
      removeEventListener('upshot-theme', again);
      drawn.destroy();
    };
  }, [points, range, highest, tone, isGapEmpty]);
  return <div className="curve" ref={place} role="img" aria-label={label} />;
}

function plot(
  element: HTMLElement,
  { times, values }: ReturnType<typeof steps>,
  range: readonly [number, number],
  highest: number,
  tone: string,
): uPlot {
  const styles = getComputedStyle(document.documentElement);
  const colour = (token: string) => styles.getPropertyValue(token).trim();
  return new uPlot(
    {
      width: Math.max(60, element.clientWidth),
      height: HEIGHT,
      padding: [3, 0, 1, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [range[0], range[1]] },
        // A little below, so that a value of 0 is seen.
        y: { range: [-0.04 * highest, highest] },
      },
      axes: [{ show: false }, { show: false }],
      series: [
        {},
        {
          points: { show: false },
          stroke: colour(tone),
          width: 1.5,
          fill: `color-mix(in srgb, ${colour(tone)} 18%, ${colour('--surface')})`,
        },
      ],
    },
    [times, values],
    element,
  );
}

/** Seconds between the two ends of a jump: the plot wants times that rise. */
const JUMP = 0.001;

/** A value holds from the beginning of its period to the end; where there is no period stands what fills a gap. */
function steps(points: readonly CurvePoint[], [from, to]: readonly [number, number], gap: 0 | null) {
  const times: number[] = [];
  const values: (number | null)[] = [];
  const add = (time: number, value: number | null) => {
    const last = times.at(-1);
    times.push(last === undefined || time > last ? time : last + JUMP);
    values.push(value);
  };
  add(from, gap);
  let end = from;
  for (const [at, point] of points.entries()) {
    const begin = Math.max(from, point.from);
    if (begin > end) add(begin - JUMP, gap);
    add(begin, point.value);
    end = Math.min(point.to, to);
    add(end, point.value);
    if (points[at + 1]?.from !== point.to) add(end, gap);
  }
  add(to, gap);
  return { times, values };
}
