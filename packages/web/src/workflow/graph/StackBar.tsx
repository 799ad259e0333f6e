import type { DeliveryStatus } from '@upshot/model';
import { DELIVERY_STATES } from '../../words/states.js';

/** How the branches of a stack ended, as one bar: the worst first, recovered hatched; no part is too narrow to be seen. */
export function StackBar({
  counts,
  total,
}: {
  readonly counts: readonly (readonly [DeliveryStatus, number])[];
  readonly total: number;
}) {
  return (
    <div className="stack-bar" aria-hidden="true">
      {counts.map(([status, count]) => (
        <span
          key={status}
          className={`bar-${status === 'recovered' ? 'recovered' : DELIVERY_STATES[status].tone}`}
          style={{ flexGrow: count / total }}
        />
      ))}
    </div>
  );
}
