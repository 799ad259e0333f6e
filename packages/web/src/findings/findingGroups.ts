import { queryOptions } from '@tanstack/react-query';
import type { Finding, Hop } from '@upshot/model';
import { getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';

/** Findings of one kind and hop, over all workflows, as `/api/findings/groups` answers them. */
export interface FindingGroup {
  readonly id: string;
  readonly kind: string;
  readonly hop: Hop | null;
  readonly message: string;
  readonly severity: Finding['severity'];
  readonly count: number;
  readonly firstSeenUnixNano: string;
  readonly lastSeenUnixNano: string;
  readonly keys: readonly string[];
  readonly fix?: string;
  readonly muted: { readonly reason: string; readonly untilUnixNano: string | null } | null;
}

export interface FindingGroups {
  readonly groups: readonly FindingGroup[];
  readonly nextCursor: string | null;
}

export function findingGroups(filter: { readonly kind?: string | null; readonly since?: string | null }) {
  return queryOptions({
    queryKey: ['finding-groups', filter.kind ?? null, filter.since ?? null],
    queryFn: ({ signal }) =>
      getJson<FindingGroups>(
        `/api/findings/groups${queryOf({ kind: filter.kind, since: filter.since })}`,
        signal,
      ),
  });
}
