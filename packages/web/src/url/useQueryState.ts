import { useSearchParams } from 'wouter';

export type Changes = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * The state of a page, held by its URL. `change` sets or (with null) removes parameters; `replace` leaves no entry in the history, for what
 * nobody wants to go back to.
 */
export function useQueryState(): {
  readonly query: URLSearchParams;
  change(changes: Changes, options?: { readonly replace?: boolean }): void;
} {
  const [query, setQuery] = useSearchParams();
  return {
    query,
    change: (changes, options) =>
      setQuery((now) => changed(now, changes), { replace: options?.replace ?? false }),
  };
}

/** A query with some parameters changed; the others keep their values and their order. */
export function changed(query: URLSearchParams, changes: Changes): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) next.append(name, one);
  }
  return next;
}
