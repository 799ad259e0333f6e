import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatCount } from '../words/format.js';
import { WORKFLOW_STATES } from '../words/states.js';
import type { WorkflowStatus } from '../words/statuses.js';
import { countsOf, type HistogramAnswer } from './histogramAnswer.js';
import { histogramSeries } from './histogramSeries.js';

const HEIGHT = 124;
const TOKENS: Readonly<Record<WorkflowStatus, string>> = {
  completed: '--ok',
  'in-progress': '--run',
  failed: '--fail',
  stuck: '--miss',
  retrying: '--retryFill',
};

/** Workflows over time by state; dragging over it chooses a range. What is in trouble hangs below the line, on a scale of its own. */
export function Histogram({
  data,
  onRange,
}: {
  readonly data: HistogramAnswer;
  readonly onRange: (sinceUnixNano: string, untilUnixNano: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const choose = useRef(onRange);
  choose.current = onRange;
  const series = histogramSeries(data);
  useEffect(() => {
    const element = place.current;
    if (!element || series.times.length === 0) return;
    const draw = () => plot(element, series, (from, to) => choose.current(from, to));
    let drawn = draw();
    const again = () => {
      drawn.destroy();
      drawn = draw();
    };
    const sizes = new ResizeObserver(() => drawn.setSize({ width: widthOf(element), height: HEIGHT }));
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
  }, [series]);
  const counts = countsOf(data);
  const words = Object.entries(counts).map(([status, count]) => `${formatCount(count)} ${status}`);
  return (
    <>
      <div className="histogram-legend" aria-hidden="true">
        {LEGEND.map((status) => (
          <span key={status}>
            <i className={`f-${status}`} />
            {WORKFLOW_STATES[status].word.toLowerCase()}
          </span>
        ))}
        <span>
          {series.factor > 1 ? `what hangs below the line is drawn at ×${series.factor} height` : ''}
        </span>
      </div>
      <div
        className="histogram"
        ref={place}
        role="img"
        aria-label={`Workflows over time: ${words.join(', ') || 'none'}. The time range can be chosen above.`}
      />
    </>
  );
}

const LEGEND: readonly WorkflowStatus[] = ['completed', 'in-progress', 'failed', 'stuck', 'retrying'];

function widthOf(element: HTMLElement): number {
  return Math.max(200, element.clientWidth - 40);
}

function plot(
  element: HTMLElement,
  { times, layers, edges }: ReturnType<typeof histogramSeries>,
  onRange: (from: string, to: string) => void,
): uPlot {
  const styles = getComputedStyle(document.documentElement);
  const colour = (token: string) => styles.getPropertyValue(token).trim();
  const bars = uPlot.paths.bars!({ size: [0.86, 60], align: 1 });
  return new uPlot(
    {
      width: widthOf(element),
      height: HEIGHT,
      padding: [6, 0, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { x: { time: true, range: [edges[0]!, edges[1]!] } },
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      axes: [
        {
          stroke: colour('--ink3'),
          grid: { show: false },
          ticks: { show: false },
          size: 22,
          values: (_, splits) => clocks(splits),
          font: `11px ${styles.getPropertyValue('--sans')}`,
        },
        { show: false },
      ],
      series: [
        {},
        ...layers.map(({ status }) => ({
          label: status,
          paths: bars,
          points: { show: false },
          fill:
            status === 'completed'
              ? // What went well is the ground on which the rest is seen.
                `color-mix(in srgb, ${colour('--ok')} 72%, ${colour('--surface')})`
              : colour(TOKENS[status]),
          width: 0,
        })),
      ],
      hooks: {
        setSelect: [
          (chart) => {
            if (chart.select.width < 4) return;
            const from = chart.posToVal(chart.select.left, 'x');
            const to = chart.posToVal(chart.select.left + chart.select.width, 'x');
            onRange(toNanos(from), toNanos(to));
          },
        ],
      },
    },
    [times, ...layers.map(({ values }) => values)] as uPlot.AlignedData,
    element,
  );
}

/** `15:30`, or `15:30:10` where a minute has several; at midnight the day as well. In UTC, as all clocks of the page. */
function clocks(seconds: readonly number[]): string[] {
  const isFine = seconds.some((at) => at % 60 !== 0);
  return seconds.map((at) => {
    const text = new Date(at * 1000).toISOString();
    const clock = text.slice(11, isFine ? 19 : 16);
    return at % 86_400 === 0 ? `${text.slice(5, 10)} ${clock}` : clock;
  });
}

function toNanos(seconds: number): string {
  return `${BigInt(Math.round(seconds * 1000)) * 1_000_000n}`;
}
