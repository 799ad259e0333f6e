import type { WorkflowRow } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { matrixOf, sumOf } from '../src/propagation/propagation.js';
import { cutText } from '../src/words/cutText.js';
import { formatShare } from '../src/words/format.js';
import { formatShort } from '../src/words/formatShort.js';
import { histogramSeries } from '../src/workflows/histogramSeries.js';
import { filterOf } from '../src/workflows/listFilter.js';
import { mergeRows } from '../src/workflows/mergeRows.js';
import { shapeMarks } from '../src/workflows/shapeMarks.js';

function row(key: string, start: number, status: WorkflowRow['status'] = 'completed'): WorkflowRow {
  const counts = { events: 1, deliveries: 1, attempts: 1, attemptsFailed: 0, failed: 0, findings: 0 };
  return {
    key,
    status,
    startTimeUnixNano: `${start}`,
    endTimeUnixNano: `${start}`,
    rootName: '',
    rootService: '',
    counts,
    shape: [],
    topFinding: null,
  };
}

describe('mergeRows', () => {
  it('keeps rows in their places, each as it is now, and lets new ones wait', () => {
    const { rows, waiting } = mergeRows(
      [row('b', 2, 'in-progress'), row('a', 1)],
      [row('c', 3), row('b', 2), row('a', 1)],
    );
    expect(rows.map(({ key, status }) => [key, status])).toEqual([
      ['b', 'completed'],
      ['a', 'completed'],
    ]);
    expect(waiting.map(({ key }) => key)).toEqual(['c']);
  });

  it('shows a row once, and counts none as new that is older than the first', () => {
    const { rows, waiting } = mergeRows([row('b', 2), row('b', 2)], [row('old', 1)]);
    expect(rows).toHaveLength(1);
    expect(waiting).toEqual([]);
  });
});

describe('the histogram', () => {
  const bucket = (counts: Record<string, number>, at = 0) => ({
    fromUnixNano: `${at}000000000`,
    toUnixNano: `${at + 60}000000000`,
    counts,
  });

  it('hangs trouble below the line, larger by a whole factor that it tells', () => {
    const { layers, factor } = histogramSeries({
      buckets: [bucket({ completed: 400, failed: 3, stuck: 1 })],
    });
    expect(factor).toBe(20);
    const values = Object.fromEntries(layers.map((layer) => [layer.status, layer.values[0]]));
    expect(values).toEqual({ completed: 400, 'in-progress': null, failed: -60, stuck: -80, retrying: null });
  });

  it('draws both at one scale where there is as much trouble as not, and stands none at all', () => {
    expect(histogramSeries({ buckets: [bucket({ completed: 5, failed: 5 })] }).factor).toBe(1);
    expect(histogramSeries({ buckets: [] })).toMatchObject({ times: [], edges: [0, 0] });
  });
});

describe('the shape of a workflow', () => {
  it('has at most four marks for each distance, the worst first', () => {
    const [column] = shapeMarks([['succeeded', 'succeeded', 'failed', 'succeeded', 'missing', 'recovered']]);
    expect(column!.marks.map(({ status }) => status)).toEqual([
      'failed',
      'missing',
      'recovered',
      'succeeded',
    ]);
    expect(column!.more).toBe(2);
  });
});

describe('words', () => {
  it('cuts a long text in the middle and tears no character', () => {
    expect(cutText('short', 10)).toBe('short');
    expect(cutText('a'.repeat(100), 10)).toBe('aaaaaa…aaa');
    for (let max = 4; max < 20; max++) {
      const cut = cutText('😀'.repeat(50), max);
      expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      expect(cut.length).toBeLessThanOrEqual(max);
    }
  });

  it('never calls all what is less, nor none what is more', () => {
    expect([
      formatShare(9999, 10_000),
      formatShare(10, 10),
      formatShare(1, 100_000),
      formatShare(0, 5),
      formatShare(727, 1000),
    ]).toEqual(['99.9 %', '100 %', 'under 0.1 %', '0 %', '72.7 %']);
  });

  it('tells a length in the least room', () => {
    const second = 1_000_000_000n;
    expect([5n * second, 21_599n * second, 1_900_000n, 90n * second].map(formatShort)).toEqual([
      '5 s',
      '6 h',
      '1.9 ms',
      '2 m',
    ]);
  });
});

describe('filters', () => {
  it('are what the URL holds, and nothing else that it holds', () => {
    expect(filterOf(new URLSearchParams('status=failed&attr=a:b&attr=c:d&view=graph&q='))).toEqual({
      status: ['failed'],
      attr: ['a:b', 'c:d'],
    });
  });
});

describe('propagation', () => {
  it('sums hops, and names who is at fault by row and column', () => {
    const hop = (
      producer: string,
      consumer: string,
      declared: number,
      fault: 'producer' | 'consumer' | 'nobody',
    ) => ({
      producer,
      consumer,
      eventName: 'e',
      destination: null,
      deliveries: 10,
      declared,
      stitched: 0,
      unlinked: 10 - declared,
      broken: 10 - declared,
      environment: '',
      state: 'whole' as const,
      exampleOf: {},
      firstSeenUnixNano: '0',
      lastSeenUnixNano: '0',
      lastWholeUnixNano: null,
      brokenSince: null,
      workflowsCut: 0,
      trend: [],
      fault,
      proof: '',
      fix: '',
      others: [],
      examples: [],
    });
    const hops = [hop('a', 'x', 10, 'nobody'), hop('a', 'y', 0, 'consumer'), hop('b', 'x', 2, 'producer')];
    expect(sumOf(hops)).toEqual({ deliveries: 30, declared: 12, stitched: 0, unlinked: 18, broken: 18 });
    const matrix = matrixOf(hops);
    expect([[...matrix.faultyProducers], [...matrix.faultyConsumers]]).toEqual([['b'], ['y']]);
    expect(matrix.cell('b', 'y')).toEqual([]);
  });
});
