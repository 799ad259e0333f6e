import type { StoredSpans } from '@upshot/api-contract';
import type { Rules } from '@upshot/conventions';
import type { WorkflowGraph, WorkflowRow } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { ApiClient } from '../ask/ApiClient.js';
import { CliError } from '../CliError.js';
import { lintStore } from './lintStore.js';
import type { ProblemList } from './ProblemList.js';
import { storedSpansAsOtlp } from './storedSpansAsOtlp.js';

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
/** Spans of one page: each is a resource of its own when it is read again, and a request has a limit of those. */
const SPANS = '2000';

/**
 * Looks at the workflows of a running Upshot: by the conventions that are in force there, or by `rules`, for which it fetches their spans.
 * `note` hears of what keeps the check from being complete.
 */
export async function lintServer(
  server: ServerToLint,
  rules: Rules | null,
  problems: ProblemList,
  note: (line: string) => void,
): Promise<void> {
  const client = new ApiClient(server);
  const conventions = await client.get('/api/conventions');
  if (conventions === null)
    throw new CliError('This Upshot knows no conventions: it is older than this command, update it');
  const { traceConventions } = JSON.parse(conventions) as { traceConventions: object };
  if (rules === null && Object.keys(traceConventions).length === 0)
    note('no conventions are in force there: give --conventions FILE here, or to upshot serve');
  const { keys, more } = await newestKeys(client, server);
  if (more) note(`only the newest ${server.limit} workflows were checked: raise --limit, or narrow --since`);
  const base = server.url.replace(/\/+$/, '');
  const uriOf = (key: string) => `${base}/api/workflows/${encodeURIComponent(key)}`;
  if (rules === null) await lintGraphs(client, keys, problems, uriOf);
  else await lintSpans(client, keys, rules, problems, uriOf, note);
}

async function newestKeys(
  client: ApiClient,
  { since, limit }: ServerToLint,
): Promise<{ keys: string[]; more: boolean }> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { since, limit: `${Math.min(PAGE, limit - keys.length)}`, cursor };
    const body = await client.get('/api/workflows', query);
    if (body === null) break;
    const page = JSON.parse(body) as { workflows: readonly WorkflowRow[]; nextCursor: string | null };
    keys.push(...page.workflows.map(({ key }) => key));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && keys.length < limit);
  return { keys, more: cursor !== undefined };
}

async function lintGraphs(
  client: ApiClient,
  keys: readonly string[],
  problems: ProblemList,
  uriOf: (key: string) => string,
): Promise<void> {
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const chunk = keys.slice(at, at + AT_ONCE);
    const bodies = await Promise.all(
      chunk.map((key) => client.get(`/api/workflows/${encodeURIComponent(key)}`, { limit: NODES })),
    );
    for (const [index, body] of bodies.entries()) {
      // One that expired while we read is no longer to be mended.
      if (body !== null) problems.add(JSON.parse(body) as WorkflowGraph, uriOf(chunk[index]!));
    }
  }
}

async function lintSpans(
  client: ApiClient,
  keys: readonly string[],
  rules: Rules,
  problems: ProblemList,
  uriOf: (key: string) => string,
  note: (line: string) => void,
): Promise<void> {
  const store = openMemoryStore();
  for (const key of keys) {
    let cursor: string | undefined;
    do {
      const path = `/api/workflows/${encodeURIComponent(key)}/spans`;
      const body = await client.get(path, { limit: SPANS, cursor });
      if (body === null) break;
      const page = JSON.parse(body) as StoredSpans;
      if (page.spans.length > 0)
        await store.write({
          spans: [decodeExport(storedSpansAsOtlp(page.spans), 'json').spans],
          records: [],
        });
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  note(
    'by --conventions the spans there were checked; event records are checked by the conventions in force there',
  );
  const asOf = { nowUnixNano: BigInt(Date.now()) * 1_000_000n, conventions: rules };
  await lintStore(store, asOf, problems, ({ key }) => uriOf(key));
}
