import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { CliError } from '../CliError.js';

const DEFAULT_URL = 'http://127.0.0.1:4320';

/** Options of every command that asks a running Upshot. */
export interface ConnectionOptions {
  readonly url: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

export function addConnectionOptions(command: Command): Command {
  return addTokenOptions(
    command.addOption(new Option('--url <url>', 'where Upshot runs').env('UPSHOT_URL').default(DEFAULT_URL)),
  );
}

export function addTokenOptions(command: Command): Command {
  return command
    .addOption(new Option('--token <token>', 'the token that Upshot wants').env('UPSHOT_TOKEN'))
    .addOption(new Option('--token-file <file>', 'the same, from a file').env('UPSHOT_TOKEN_FILE'));
}

/** The token given, in the one or the other way; null for none. Throws `CliError`. */
export function tokenOf({ token, tokenFile }: Pick<ConnectionOptions, 'token' | 'tokenFile'>): string | null {
  if (token !== undefined && tokenFile !== undefined)
    throw new CliError('Give --token or --token-file, not both');
  if (tokenFile !== undefined) return tokenIn(tokenFile);
  return token ?? null;
}

function tokenIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(`The token file ${file} can't be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  if (text === '') throw new CliError(`The token file ${file} is empty`);
  return text;
}
