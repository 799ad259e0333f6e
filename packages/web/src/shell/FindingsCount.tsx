import { useQuery } from '@tanstack/react-query';
import { findingGroups } from '../findings/findingGroups.js';
import { formatCount } from '../words/format.js';

/** Milliseconds after which the number is asked for again: it is a hint, not an alarm. */
const REFRESH_MS = 30_000;

/** How many groups of findings wait for somebody; nothing where the server does not tell, or there are none. */
export function FindingsCount() {
  const { data } = useQuery({ ...findingGroups({}), refetchInterval: REFRESH_MS });
  const open = data?.groups.filter((group) => group.muted === null && group.severity !== 'info').length ?? 0;
  return open === 0 ? null : (
    <span className="count">
      {formatCount(open)}
      <span className="sr"> open</span>
    </span>
  );
}
