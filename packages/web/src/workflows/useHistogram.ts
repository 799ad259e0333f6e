import { useQuery } from '@tanstack/react-query';
import { getJson, queryOf } from '../api/client.js';
import type { WorkflowStatus } from '../words/statuses.js';
import { filterKey, type ListFilter } from './listQuery.js';

/** `GET /api/histogram`: how many workflows of each state started in each stretch of time. */
export interface HistogramAnswer {
  readonly buckets: readonly {
    readonly fromUnixNano: string;
    readonly toUnixNano: string;
    readonly counts: Readonly<Partial<Record<WorkflowStatus, number>>>;
  }[];
}

const BUCKETS = '80';
const REFRESH_MS = 5000;

/** Nothing where the server does not count: the list does without. */
export function useHistogram(filter: ListFilter) {
  return useQuery({
    queryKey: ['histogram', filterKey(filter)],
    queryFn: ({ signal }) =>
      getJson<HistogramAnswer>(`/api/histogram${queryOf({ ...filter, buckets: BUCKETS })}`, signal),
    refetchInterval: (query) => (query.state.error ? false : REFRESH_MS),
    retry: false,
    // While another range loads, the last one stays: nothing jumps.
    placeholderData: (last) => last,
  });
}

export function countsOf(histogram: HistogramAnswer): Partial<Record<WorkflowStatus, number>> {
  const sum: Partial<Record<WorkflowStatus, number>> = {};
  for (const { counts } of histogram.buckets) {
    for (const [status, count] of Object.entries(counts) as [WorkflowStatus, number][]) {
      sum[status] = (sum[status] ?? 0) + count;
    }
  }
  return sum;
}
