import { useQuery } from '@tanstack/react-query';
import type { StoredSpans } from '@upshot/api-contract';
import { getJson } from '../../api/client.js';

/** A span as it was received; nothing is asked for where there is none. */
export function useStoredSpans(traceId: string, spanId: string | null) {
  return useQuery({
    queryKey: ['span', traceId, spanId],
    queryFn: ({ signal }) =>
      getJson<StoredSpans>(
        `/api/spans/${encodeURIComponent(traceId)}/${encodeURIComponent(spanId!)}`,
        signal,
      ),
    enabled: /^[0-9a-f]{32}$/i.test(traceId) && spanId !== null && /^[0-9a-f]{16}$/i.test(spanId),
    staleTime: 60_000,
  });
}
