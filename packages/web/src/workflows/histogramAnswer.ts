import type { WorkflowStatus } from '../words/statuses.js';

/** `GET /api/histogram`: how many workflows of each state started in each stretch of time. */
export interface HistogramAnswer {
  readonly buckets: readonly {
    readonly fromUnixNano: string;
    readonly toUnixNano: string;
    readonly counts: Readonly<Partial<Record<WorkflowStatus, number>>>;
  }[];
}

/** How many of each state in all. */
export function countsOf(histogram: HistogramAnswer): Partial<Record<WorkflowStatus, number>> {
  const sum: Partial<Record<WorkflowStatus, number>> = {};
  for (const { counts } of histogram.buckets) {
    for (const [status, count] of Object.entries(counts) as [WorkflowStatus, number][]) {
      sum[status] = (sum[status] ?? 0) + count;
    }
  }
  return sum;
}
