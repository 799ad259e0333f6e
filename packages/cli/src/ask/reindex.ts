import type { ReindexStep } from '@upshot/api-contract';
import { counted } from '@upshot/text';
import type { Command } from 'commander';
import { CliError } from '../CliError.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';

/** `upshot reindex`: makes the look-up keys of stored rows anew. */
export function addReindex(program: Command, terminal: Terminal): void {
  const command = program
    .command('reindex')
    .summary('make look-up keys anew that an older Upshot made')
    .description(
      'An Upshot that knows more names of IDs finds what is stored by them only once its keys were made anew. Takes in telemetry all the while; ' +
        'may be stopped and begun again.',
    );
  addConnectionOptions(command).action((options: ConnectionOptions) => reindex(options, terminal));
}

async function reindex(options: ConnectionOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient({ url: options.url, token: tokenOf(options) });
  let rows = 0;
  for (;;) {
    const body = await client.post('/api/reindex');
    if (body === null) throw new CliError('This Upshot is older than the command: it makes no keys anew');
    const { reindexed, left } = JSON.parse(body) as ReindexStep;
    rows += reindexed;
    if (reindexed === 0 || left === 0) break;
    if (terminal.interactive) terminal.err(`\r${counted(left, 'row')} left   `);
  }
  if (terminal.interactive) terminal.err('\r');
  terminal.out(
    rows === 0
      ? 'All look-up keys are those of today\n'
      : `Look-up keys of ${counted(rows, 'row')} made anew\n`,
  );
}
