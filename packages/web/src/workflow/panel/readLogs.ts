import type { WorkflowLogs } from '@upshot/api-contract';
import { getJson } from '../../api/client.js';
import { queryOf } from '../../api/queryOf.js';
import { byTime, type LoggedNode, type ShownLog, storedLine } from './logLines.js';

/** Records of a page, and pages: of 50,000 records of 1 KB a browser holds 50 MB. */
const PAGE = 5_000;
const MOST_PAGES = 10;

/** All log records of some nodes, by time, out of those of their workflow; not whole where there are more than are read. */
export async function readLogs(
  key: string,
  nodes: readonly LoggedNode[],
  signal: AbortSignal,
): Promise<{ readonly lines: readonly ShownLog[]; readonly isWhole: boolean }> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lines: ShownLog[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = queryOf({ limit: `${PAGE}`, cursor });
    const answer: WorkflowLogs = await getJson(
      `/api/workflows/${encodeURIComponent(key)}/logs${query}`,
      signal,
    );
    for (const log of answer.logs) {
      const node = byId.get(log.node ?? '');
      if (node) lines.push(storedLine(log, node, nodes));
    }
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return { lines: lines.sort(byTime), isWhole: cursor === null };
}
