import type { AttemptNode } from '@upshot/model';
import { formatDuration, nanos } from '../../words/format.js';

/** How long an attempt worked, nanoseconds; null while it runs. */
export function workOf(attempt: AttemptNode): bigint | null {
  if (attempt.endTimeUnixNano === null) return null;
  const work = nanos(attempt.endTimeUnixNano) - nanos(attempt.startTimeUnixNano);
  return work < 0n ? 0n : work;
}

/** What stands behind the ticks of a delivery: `14 ms wait, 132 ms work`, or how long all attempts took. */
export function deliveryTimes(attempts: readonly AttemptNode[]): string {
  const [first] = attempts;
  const last = attempts.at(-1);
  if (!first || !last) return '';
  if (attempts.length > 1) {
    if (last.endTimeUnixNano === null || attempts.length > 2) return '';
    return `in ${formatDuration(nanos(last.endTimeUnixNano) - nanos(first.startTimeUnixNano))}`;
  }
  const work = workOf(first);
  const waited = first.waitNano === null ? 'wait unknown' : `${formatDuration(nanos(first.waitNano))} wait`;
  return `${waited}, ${work === null ? 'still working' : `${formatDuration(work)} work`}`;
}
