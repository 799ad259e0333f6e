import type { Log } from '@upshot/model';
import type { PlacedLog } from '../answers/logs/placeLogs.js';
import type { Asking, AskOptions } from './Asking.js';
import { collectWhole } from './askWorkflow.js';
import { byLogTime, logsNaming, logsOf, MOST_LOGS } from './findLogs.js';

/** A log record, and the node of the workflow's answer at which it stands; null where it belongs to no workflow. */
export interface FoundLog {
  readonly log: Log;
  readonly node: string | null;
  readonly placedBy: PlacedLog['placedBy'] | null;
}

/** The log records of a workflow by time, or those that carry the key where it leads to no workflow; null where there is neither. Throws `NotWhole`. */
export function* askLogs(key: string, _options: AskOptions): Asking<FoundLog[] | null> {
  const found = yield* collectWhole(key);
  if (found === null) {
    const logs = yield* logsNaming(key, MOST_LOGS);
    return logs.length === 0
      ? null
      : logs.sort(byLogTime).map((log) => ({ log, node: null, placedBy: null }));
  }
  const placed = yield* logsOf(found.workflow, found.collected);
  return [...placed]
    .flatMap(([node, logs]) => logs.map(({ log, placedBy }): FoundLog => ({ log, node: node.id, placedBy })))
    .sort((a, b) => byLogTime(a.log, b.log));
}
