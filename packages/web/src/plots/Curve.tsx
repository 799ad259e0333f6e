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
  label,
}: {
  readonly points: readonly CurvePoint[];
  /** Seconds. The same for all curves of a page: they are compared. */
  readonly range: readonly [from: number, to: number];
  /** The value at the top. */
  readonly highest: number;
  /** A token of the page's colours, as `--fail`. */
  readonly tone: string;
  readonly label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element || points.length === 0) return;
    const draw = () => plot(element, points, range, highest, tone);
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
  }, [points, range, highest, tone]);
  return <div className="curve" ref={place} role="img" aria-label={label} />;
}

function plot(
  element: HTMLElement,
  points: readonly CurvePoint[],
  range: readonly [number, number],
  highest: number,
  tone: string,
): uPlot {
  const styles = getComputedStyle(document.documentElement);
  const colour = (token: string) => styles.getPropertyValue(token).trim();
  const { times, values } = steps(points, range);
  return new uPlot(
    {
      width: Math.max(60, element.clientWidth),
      height: HEIGHT,
      padding: [3, 0, 1, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [range[0], range[1]] },
        y: { range: [0, Math.max(highest, Number.MIN_VALUE)] },
      },
      axes: [{ show: false }, { show: false }],
      series: [
        {},
        {
          paths: uPlot.paths.stepped!({ align: 1 }),
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

/** A value holds from the beginning of its period to the end; where there is no period there is nothing. */
function steps(points: readonly CurvePoint[], [from, to]: readonly [number, number]) {
  const times: number[] = [from];
  const values: number[] = [0];
  for (const point of points) {
    const begin = Math.max(from, point.from);
    if (times.at(-1) === begin) values[values.length - 1] = point.value;
    else {
      times.push(begin);
      values.push(point.value);
    }
    const end = Math.max(begin, Math.min(point.to, to));
    if (end > begin) {
      times.push(end);
      values.push(0);
    }
  }
  if (times.at(-1)! < to) {
    times.push(to);
    values.push(0);
  }
  return { times, values };
}
