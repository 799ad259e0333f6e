import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { filterKey, type ListFilter } from './listFilter.js';
import { listPage } from './listQuery.js';
import { mergeRows } from './mergeRows.js';

/** Milliseconds between looks at what is new; the list may lag behind by up to 5 s anyway. */
const REFRESH_MS = 3000;
/** … and at least so many times as long as the last look took: a list that is costly is asked for less often. */
const REST = 6;

/** The rows of the list and what waits above them. */
export function useWorkflows(filter: ListFilter) {
  const key = filterKey(filter);
  const client = useQueryClient();
  const took = useRef(0);
  const pages = useInfiniteQuery({
    queryKey: ['workflows', key],
    queryFn: ({ pageParam, signal }) => listPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const head = useQuery({
    queryKey: ['workflows-head', key],
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const page = await listPage(filter, null, signal);
      took.current = performance.now() - begun;
      return page;
    },
    refetchInterval: () => Math.max(REFRESH_MS, took.current * REST),
    enabled: pages.isSuccess,
    retry: false,
  });
  const shown = pages.data?.pages.flatMap((page) => page.workflows) ?? [];
  const { rows, waiting } = mergeRows(shown, head.data?.workflows ?? []);
  // Nothing can jump in a list that is empty: what comes first is shown at once.
  const first = rows.length === 0 && waiting.length > 0 ? head.data : undefined;
  useEffect(() => {
    if (first) client.setQueryData(['workflows', key], { pages: [first], pageParams: [null] });
  }, [client, key, first]);
  return {
    rows: first ? waiting : rows,
    waiting: first ? [] : waiting,
    asOf: head.data?.asOf ?? pages.data?.pages[0]?.asOf ?? null,
    isLoading: pages.isPending,
    error: pages.error,
    isLive: !pages.isError && !head.isError,
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
    /** Puts what waits into the list. */
    showWaiting: () => void client.resetQueries({ queryKey: ['workflows', key] }),
  };
}
