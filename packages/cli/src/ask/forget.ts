import type { ForgottenWorkflow } from '@upshot/api-contract';
import { counted, safeText } from '@upshot/text';
import type { Command } from 'commander';
import { CliError } from '../CliError.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';

interface ForgetOptions extends ConnectionOptions {
  readonly yes?: boolean;
}

/** `upshot forget KEY`: deletes one workflow for good. */
export function addForget(program: Command, terminal: Terminal): void {
  const command = program
    .command('forget <key>')
    .summary('delete one workflow for good')
    .description(
      'Deletes all that is stored of one workflow: spans, event records, log records, notes and what was counted of it. Spans that other ' +
        'workflows share, like that of a batch, stay without what they said of it. What its services send later is stored anew.',
    )
    .option('--yes', 'do it: without this nothing is deleted');
  addConnectionOptions(command).action((key: string, options: ForgetOptions) =>
    forget(key, options, terminal),
  );
}

async function forget(key: string, options: ForgetOptions, terminal: Terminal): Promise<void> {
  if (options.yes !== true)
    throw new CliError(
      `This can't be undone. \`upshot show ${safeText(key)}\` shows what would go; add --yes to delete it`,
    );
  const client = new ApiClient({ url: options.url, token: tokenOf(options) });
  const body = await client.delete(`/api/workflows/${encodeURIComponent(key)}`);
  if (body === null) throw new CliError(`Nothing is known by ${safeText(key)}`);
  const { key: known, spans, records, logs, shared } = JSON.parse(body) as ForgottenWorkflow;
  const parts = [counted(spans, 'span'), counted(records, 'event record'), counted(logs, 'log record')];
  const kept = shared === 0 ? '' : `; ${counted(shared, 'span')} shared with others kept without it`;
  terminal.out(`Forgotten: ${safeText(known)} (${parts.join(', ')} deleted${kept})\n`);
}
