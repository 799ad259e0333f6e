import type { DeliveryNode } from '@upshot/model';
import { counted, formatCount, formatDuration, nanos } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import { workOf } from '../model/attemptTimes.js';
import { groupBy } from '../model/groupBy.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { stackGroups } from '../scene/stackGroups.js';

/** What the branches of a stack have in common: why some failed, how many attempts they took, how long. */
export function StackSummary({
  index,
  deliveries,
  select,
}: {
  readonly index: WorkflowIndex;
  readonly deliveries: readonly DeliveryNode[];
  readonly select: (node: string) => void;
}) {
  const failed = stackGroups(index, deliveries).filter(({ error }) => error !== null);
  const bySize = [...groupBy(deliveries, ({ attempts }) => `${attempts.length}`)]
    .map(([size, members]) => ({
      size: Number(size),
      count: members.length,
      failed: members.filter(({ status }) => status === 'failed' || status === 'dead-lettered').length,
    }))
    .sort((a, b) => a.size - b.size);
  const most = Math.max(...bySize.map(({ count }) => count));
  return (
    <>
      {failed.length > 0 && (
        <div className="panel-part">
          <h3>Why they failed</h3>
          {failed.slice(0, 6).map((group) => (
            <div key={group.id} className="error-block">
              <p className="mono">
                <Text value={group.error ?? ''} max={300} />
              </p>
              <p>
                in{' '}
                <button type="button" className="link" onClick={() => select(group.deliveries[0]!.id)}>
                  {counted(group.deliveries.length, 'delivery', 'deliveries')}
                </button>
              </p>
            </div>
          ))}
        </div>
      )}
      <div className="panel-part">
        <h3>Attempts until settled</h3>
        <table className="attempts">
          <thead>
            <tr>
              <th scope="col">Attempts</th>
              <th scope="col">
                <span className="sr">Share</span>
              </th>
              <th scope="col" className="num">
                Branches
              </th>
              <th scope="col" className="num">
                Failed
              </th>
            </tr>
          </thead>
          <tbody>
            {bySize.slice(0, 12).map(({ size, count, failed: bad }) => (
              <tr key={size}>
                <td>
                  <b>{size}</b>
                </td>
                <td>
                  <span
                    className={`stack-share ${bad === count ? 'bar-fail' : 'bar-ok'}`}
                    style={{ width: `${Math.max(2, (100 * count) / most)}%` }}
                  />
                </td>
                <td className="num">{formatCount(count)}</td>
                <td className={`num ${bad > 0 ? 't-fail strong' : ''}`}>
                  {bad > 0 ? `${formatCount(bad)} failed` : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Times index={index} deliveries={deliveries} />
    </>
  );
}

function Times({
  index,
  deliveries,
}: {
  readonly index: WorkflowIndex;
  readonly deliveries: readonly DeliveryNode[];
}) {
  const waits: bigint[] = [];
  const works: bigint[] = [];
  const backOffs: bigint[] = [];
  for (const delivery of deliveries) {
    for (const attempt of index.attempts(delivery)) {
      const work = workOf(attempt);
      if (work !== null) works.push(work);
      if (attempt.waitNano !== null) (attempt.number === 1 ? waits : backOffs).push(nanos(attempt.waitNano));
    }
  }
  return (
    <div className="panel-part">
      <h3>Times</h3>
      <table className="attempts">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">What</span>
            </th>
            <th scope="col" className="num">
              p50
            </th>
            <th scope="col" className="num">
              p99
            </th>
            <th scope="col" className="num">
              longest
            </th>
          </tr>
        </thead>
        <tbody>
          {(
            [
              ['Waiting', waits],
              ['Working', works],
              ['Backing off', backOffs],
            ] as const
          ).map(([name, values]) => {
            const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
            const at = (part: number) =>
              sorted.length === 0
                ? ''
                : formatDuration(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!);
            return (
              <tr key={name}>
                <td>{name}</td>
                <td className="num">{at(0.5)}</td>
                <td className="num">{at(0.99)}</td>
                <td className="num">{at(1)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
