import { queryOptions } from '@tanstack/react-query';
import type { FindingGroup as GroupSchema, FindingGroups as GroupsSchema } from '@upshot/api-contract';
import type { Static } from 'typebox';
import { getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';

/** All findings of one cause, over all workflows. */
export type FindingGroup = Static<typeof GroupSchema>;
export type FindingGroups = Static<typeof GroupsSchema>;

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
