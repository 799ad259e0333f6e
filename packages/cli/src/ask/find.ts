import type { WorkflowRow } from '@upshot/model';
import { safeText } from '@upshot/text';
import type { Command } from 'commander';
import { collect } from '../terminal/collect.js';
import { integer } from '../terminal/integer.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';
import { workflowTable } from './workflowTable.js';

interface FindOptions extends ConnectionOptions {
  readonly status?: string;
  readonly event?: string;
  readonly consumer?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly attr?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly width?: number;
}

interface Page {
  readonly workflows: readonly WorkflowRow[];
  readonly nextCursor: string | null;
  readonly asOf: string;
}

const DEFAULT_LIMIT = 20;
/** A search that found too little goes on for so long. */
const PATIENCE_MS = 6000;

/** `upshot find TEXT`: workflows by an ID, a part of a name, a part of an error. */
export function addFind(program: Command, terminal: Terminal): void {
  const command = program
    .command('find [text]')
    .summary('search workflows by ID, name or error')
    .description(
      'Searches workflows, newest first, by an ID, a part of a name or a part of an error; without a text, all of them.',
    )
    .option(
      '--status <states>',
      'in any of these states, separated by commas: completed, in-progress, retrying, stuck, failed',
    )
    .option('--event <name>', 'with this event')
    .option('--consumer <name>', 'with this consumer')
    .option('--service <name>', 'with this service')
    .option('--environment <name>', 'of this environment')
    .option('--attr <key:value>', 'with this attribute; again for a further one', collect, [])
    .option('--since <time>', 'started since: 15m, 2h, 14d, ISO 8601 or Unix nanoseconds')
    .option('--until <time>', 'started before')
    .option('--limit <count>', 'workflows to list', integer('--limit', 1, 1000), DEFAULT_LIMIT)
    .option('--width <columns>', "columns (default: the terminal's, or 80)", integer('--width', 40, 1000))
    .option('--json', 'print what the API answers, a page on each line');
  addConnectionOptions(command).action((text: string | undefined, options: FindOptions) =>
    find(text, options, terminal),
  );
}

async function find(text: string | undefined, options: FindOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient({ url: options.url, token: tokenOf(options) });
  const { status, event, consumer, service, environment, attr, since, until, limit } = options;
  const filters = { q: text, status, event, consumer, service, environment, attr, since, until };
  const found: WorkflowRow[] = [];
  const deadline = performance.now() + PATIENCE_MS;
  let cursor: string | null = null;
  let asOf = '0';
  do {
    const query = { ...filters, limit: `${limit - found.length}`, cursor: cursor ?? undefined };
    const body = await client.get('/api/workflows', query);
    if (body === null) break;
    if (options.json) terminal.out(`${safeJson(body)}\n`);
    const page = JSON.parse(body) as Page;
    found.push(...page.workflows);
    ({ nextCursor: cursor, asOf } = page);
  } while (cursor !== null && found.length < limit && performance.now() < deadline);
  if (options.json) return;
  if (found.length > 0)
    terminal.out(
      workflowTable(found, BigInt(asOf), { ...terminal, columns: options.width ?? terminal.columns }),
    );
  const more = cursor === null ? '' : '; there may be more: narrow it with --since, or raise --limit';
  const what = text === undefined ? '' : ` for ${safeText(text)}`;
  if (found.length === 0) terminal.err(`Nothing found${what}${more}\n`);
  else if (more !== '') terminal.err(`${found.length} found${what}${more}\n`);
}
