import type { WorkflowRow } from '@upshot/model';
import type { Command } from 'commander';
import { CliError } from '../CliError.js';
import { collect } from '../terminal/collect.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';
import { workflowTable } from './workflowTable.js';

interface TailOptions extends ConnectionOptions {
  readonly status?: string;
  readonly event?: string;
  readonly consumer?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly attr?: readonly string[];
  readonly json?: boolean;
}

interface Ended {
  readonly workflows: readonly WorkflowRow[];
  readonly more: boolean;
}

/** What has been printed is remembered, so that nothing is printed twice: the server tells of a minute at a time. */
const MOST_REMEMBERED = 100_000;
const RECONNECT_MS = 2_000;

/** `upshot tail`: a line for each workflow as it ends. */
export function addTail(program: Command, terminal: Terminal): void {
  const command = program
    .command('tail [text]')
    .summary('follow workflows as they end')
    .description(
      'Prints a line for each workflow that ends from now on: completed, failed, or stuck. One that fails after it had completed is told again. With a text, those with it as an ID or as a part of a name or an error.',
    )
    .option('--status <states>', 'only these, separated by commas: completed, stuck, failed')
    .option('--event <name>', 'with this event')
    .option('--consumer <name>', 'with this consumer')
    .option('--service <name>', 'with this service')
    .option('--environment <name>', 'of this environment')
    .option('--attr <key:value>', 'with this attribute; again for a further one', collect, [])
    .option('--json', 'print each as JSON, as the list has it');
  addConnectionOptions(command).action((text: string | undefined, options: TailOptions) =>
    tail(text, options, terminal),
  );
}

async function tail(text: string | undefined, options: TailOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient({ url: options.url, token: tokenOf(options) });
  const { status, event, consumer, service, environment, attr } = options;
  const told = new Told();
  let isFirst = true;
  for (;;) {
    try {
      for await (const data of client.events('/api/live/ended', {
        status,
        event,
        consumer,
        service,
        environment,
        attr,
        q: text,
      })) {
        const { workflows, more } = JSON.parse(data) as Ended;
        // What had ended before is not what is waited for.
        const fresh = workflows.filter((row) => told.add(row)).reverse();
        if (!isFirst) print(fresh, options, terminal);
        if (more)
          terminal.err('upshot: more workflows end than can be told one by one; narrow it with a filter\n');
        isFirst = false;
      }
    } catch (error) {
      if (isFirst || !(error instanceof CliError)) throw error;
    }
    // The server was stopped, perhaps to be started anew.
    terminal.err('upshot: the stream ended; trying again\n');
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

function print(rows: readonly WorkflowRow[], { json }: TailOptions, terminal: Terminal): void {
  if (json) for (const row of rows) terminal.out(`${safeJson(JSON.stringify(row))}\n`);
  else if (rows.length > 0) {
    const table = workflowTable(rows, BigInt(Date.now()) * 1_000_000n, terminal);
    terminal.out(table.slice(table.indexOf('\n') + 1));
  }
}

/** Workflows and states that were told. */
class Told {
  private readonly names = new Set<string>();

  /** False where it was told before. */
  add({ key, status, startTimeUnixNano }: WorkflowRow): boolean {
    const name = JSON.stringify([key, startTimeUnixNano, status]);
    if (this.names.has(name)) return false;
    this.names.add(name);
    if (this.names.size > MOST_REMEMBERED) this.names.delete(this.names.values().next().value!);
    return true;
  }
}
