import { queryOf } from '../api/queryOf.js';

/** The filters of the list, all of them parameters of the page's URL by the API's names. */
export const FILTERS = [
  'status',
  'event',
  'consumer',
  'service',
  'environment',
  'attr',
  'q',
  'since',
  'until',
] as const;
export type Filter = (typeof FILTERS)[number];

export type ListFilter = Readonly<Partial<Record<Filter, readonly string[]>>>;

/** The filters that a page's URL holds; what it holds beside them is none. */
export function filterOf(query: URLSearchParams): ListFilter {
  const filter: Partial<Record<Filter, readonly string[]>> = {};
  for (const name of FILTERS) {
    const values = query.getAll(name).filter((value) => value !== '');
    if (values.length > 0) filter[name] = values;
  }
  return filter;
}

/** The same filter has the same key, wherever its parameters stand in the URL. */
export function filterKey(filter: ListFilter): string {
  return queryOf(filter);
}
