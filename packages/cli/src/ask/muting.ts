import { safeText } from '@upshot/text';
import type { Command } from 'commander';
import { CliError } from '../CliError.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';

interface MuteOptions extends ConnectionOptions {
  readonly reason: string;
  readonly for?: string;
}

/** `upshot findings mute` and `unmute`: causes that somebody knows of. */
export function addMuting(findings: Command, terminal: Terminal): void {
  const mute = findings
    .command('mute <id>')
    .summary('mute a cause, with a reason')
    .description(
      'Mutes a cause that is known: it is still counted, stands last, and says why. Survives restarts, and holds for everybody.',
    )
    .requiredOption('--reason <text>', 'why nobody need hear of it')
    .option('--for <duration>', 'for so long: 8h, 7d (default: until it is unmuted)');
  addConnectionOptions(mute).action(async (id: string, _options: unknown, command: Command) => {
    const options = command.optsWithGlobals<MuteOptions>();
    const { reason, for: duration } = options;
    const json = duration === undefined ? { reason } : { reason, for: duration };
    await clientOf(options).send('PUT', pathOf(id), json);
    terminal.err(`${id} is muted${duration === undefined ? '' : ` for ${safeText(duration)}`}\n`);
  });
  const unmute = findings.command('unmute <id>').summary('unmute a cause').description('Unmutes a cause.');
  addConnectionOptions(unmute).action(async (id: string, _options: unknown, command: Command) => {
    await clientOf(command.optsWithGlobals<ConnectionOptions>()).send('DELETE', pathOf(id));
    terminal.err(`${id} is muted no more\n`);
  });
}

function clientOf(options: ConnectionOptions): ApiClient {
  return new ApiClient({ url: options.url, token: tokenOf(options) });
}

function pathOf(id: string): string {
  if (/^[0-9a-f]{16}$/.test(id)) return `/api/findings/groups/${id}/mute`;
  throw new CliError(
    `${safeText(id)} is no group of findings: \`upshot findings\` prints the ID of each, 16 hex digits`,
  );
}
