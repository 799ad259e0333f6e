import { CliError } from '../CliError.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { type ConnectionOptions, tokenOf } from './connection.js';

/** Options of commands that ask about many workflows. */
export interface FleetQueryOptions extends ConnectionOptions {
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
  readonly width?: number;
}

/** The body of an answer over many workflows. Rejects with `CliError`. */
export async function askFleet(
  path: string,
  options: ConnectionOptions,
  query: { readonly [name: string]: string | undefined } = {},
): Promise<string> {
  const body = await new ApiClient({ url: options.url, token: tokenOf(options) }).get(path, query);
  if (body === null)
    throw new CliError(`That Upshot does not know ${path}: is it older than this command, or no Upshot?`);
  return body;
}

/** How an answer is to be set. */
export function settingOf({ width }: { readonly width?: number }, { color, columns }: Terminal) {
  return { color, width: width ?? columns, nowUnixNano: BigInt(Date.now()) * 1_000_000n };
}

/** The time that was asked about, in words: ` since 1h`. */
export function rangeWords({ since, until }: FleetQueryOptions): string {
  return (since === undefined ? '' : ` since ${since}`) + (until === undefined ? '' : ` until ${until}`);
}
