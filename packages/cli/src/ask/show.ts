import type { WorkflowGraph } from '@upshot/model';
import { renderWorkflow, safeText } from '@upshot/text';
import type { Command } from 'commander';
import { CliError } from '../CliError.js';
import { integer } from '../terminal/integer.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';

interface ShowOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly full?: boolean;
  readonly transport?: boolean;
  readonly width?: number;
  readonly limit?: number;
}

/** `upshot show KEY`: one workflow as a tree. */
export function addShow(program: Command, terminal: Terminal): void {
  const command = program
    .command('show <key>')
    .summary('show one workflow as a tree')
    .description(
      'Shows what a workflow set in motion: every event, branch and attempt, and where it stopped. The key is a correlation ID ' +
        '(an order number, say), a trace ID, an event ID or a span ID.',
    )
    .option('--json', 'print the answer of the API')
    .option('--full', 'like branches and attempts each on lines of their own')
    .option('--transport', 'also the steps of brokers and clients')
    .option('--width <columns>', "columns (default: the terminal's, or 80)", integer('--width', 40, 1000))
    .option('--limit <nodes>', 'nodes to fetch (default: 20000)', integer('--limit', 1, 100_000));
  addConnectionOptions(command).action((key: string, options: ShowOptions) => show(key, options, terminal));
}

async function show(key: string, options: ShowOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient({ url: options.url, token: tokenOf(options) });
  const query = options.limit === undefined ? {} : { limit: `${options.limit}` };
  const body = await client.get(`/api/workflows/${encodeURIComponent(key)}`, query);
  if (body === null)
    throw new CliError(`Nothing is known by ${safeText(key)}; \`upshot find\` searches for parts of names`);
  if (options.json) {
    terminal.out(`${safeJson(body)}\n`);
    return;
  }
  const { color, columns } = terminal;
  const graph = JSON.parse(body) as WorkflowGraph;
  const nowUnixNano = BigInt(Date.now()) * 1_000_000n;
  const { full, transport } = options;
  terminal.out(
    renderWorkflow(graph, { color, width: options.width ?? columns, nowUnixNano, full, transport }),
  );
}
