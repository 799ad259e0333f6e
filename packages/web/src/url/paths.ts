/** The page of a workflow, by any of its IDs; with a node of it selected. */
export function workflowPath(key: string, selected?: string | null): string {
  const query = selected ? `?${new URLSearchParams({ sel: selected })}` : '';
  return `/workflows/${encodeURIComponent(key)}${query}`;
}

export function eventPath(eventId: string): string {
  return `/events/${encodeURIComponent(eventId)}`;
}

/** The rest of the page's path behind a prefix, decoded; whatever is no valid encoding stays as it stands. */
export function restOfPath(prefix: string): string {
  const rest = location.pathname.slice(prefix.length);
  try {
    return decodeURIComponent(rest);
  } catch {
    return rest;
  }
}
