import type { WorkflowGraph, WorkflowRow } from '@upshot/model';
import { ApiClient } from '../ask/ApiClient.js';
import { CliError } from '../CliError.js';
import type { ProblemList } from './ProblemList.js';

export interface ServerToLint {
  readonly url: string;
  readonly token: string | null;
  /** As the API takes it: `1h`, a time. */
  readonly since: string;
  /** Workflows looked at, the newest. */
  readonly limit: number;
}

const PAGE = 200;
/** Workflows that are fetched at a time. */
const AT_ONCE = 4;
/** Nodes of one graph: enough to name what findings are about; findings themselves are of the whole. */
const NODES = '2000';

/** Looks at the workflows of a running Upshot, by the conventions that are in force there. Returns how many there may be beyond the limit. */
export async function lintServer(
  server: ServerToLint,
  problems: ProblemList,
): Promise<{ more: boolean; hasConventions: boolean }> {
  const client = new ApiClient(server);
  const conventions = await client.get('/api/conventions');
  if (conventions === null)
    throw new CliError('This Upshot knows no conventions: it is older than this command, update it');
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const limit = `${Math.min(PAGE, server.limit - keys.length)}`;
    const body = await client.get('/api/workflows', { since: server.since, limit, cursor });
    if (body === null) break;
    const page = JSON.parse(body) as { workflows: readonly WorkflowRow[]; nextCursor: string | null };
    keys.push(...page.workflows.map(({ key }) => key));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && keys.length < server.limit);
  const base = server.url.replace(/\/+$/, '');
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const chunk = keys.slice(at, at + AT_ONCE);
    const bodies = await Promise.all(
      chunk.map((key) => client.get(`/api/workflows/${encodeURIComponent(key)}`, { limit: NODES })),
    );
    for (const [index, body] of bodies.entries()) {
      // One that expired while we read is no longer to be mended.
      if (body === null) continue;
      const uri = `${base}/api/workflows/${encodeURIComponent(chunk[index]!)}`;
      problems.add(JSON.parse(body) as WorkflowGraph, uri);
    }
  }
  const { traceConventions } = JSON.parse(conventions) as { traceConventions: object };
  return { more: cursor !== undefined, hasConventions: Object.keys(traceConventions).length > 0 };
}
