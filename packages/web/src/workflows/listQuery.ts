import type { WorkflowRow } from '@upshot/model';
import { getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';
import type { ListFilter } from './listFilter.js';

/** A page of the list, as `/api/workflows` answers it. */
export interface WorkflowPageAnswer {
  readonly workflows: readonly WorkflowRow[];
  readonly nextCursor: string | null;
  readonly asOf: string;
}

export function listPage(
  filter: ListFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<WorkflowPageAnswer> {
  return getJson(`/api/workflows${queryOf({ ...filter, cursor })}`, signal);
}
