import { useQuery } from '@tanstack/react-query';
import { getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';
import type { HistogramAnswer } from './histogramAnswer.js';
import { filterKey, type ListFilter } from './listFilter.js';

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
