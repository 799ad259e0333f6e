import type { EndedQuery, WorkflowListQuery } from '@upshot/api-contract';
import type { WorkflowFilter } from '../../ask/Question.js';

/** The filters of a list, as they are asked for. */
export function filterOf(query: WorkflowListQuery | EndedQuery): WorkflowFilter {
  return {
    statuses: query.status ?? null,
    event: query.event ?? null,
    consumer: query.consumer ?? null,
    service: query.service ?? null,
    environment: query.environment ?? null,
    attributes: (query.attr ?? []).map(keyAndValue),
    q: query.q ?? null,
  };
}

/** `KEY:VALUE`; a value may hold colons, so may a key that begins with one. */
function keyAndValue(text: string): readonly [key: string, value: string] {
  const colon = text.indexOf(':', 1);
  return [text.slice(0, colon), text.slice(colon + 1)];
}
