import type { Command } from 'commander';
import type { Terminal } from '../terminal/Terminal.js';
import { ApiClient } from './ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from './connection.js';

/** `upshot rebuild`: what is counted over many workflows, counted anew. */
export function addRebuild(program: Command, terminal: Terminal): void {
  const command = program
    .command('rebuild')
    .summary('count anew what is counted over many workflows')
    .description(
      'Throws away what a running Upshot has noted and counted over many workflows, and makes it anew from what is stored: the list, hops, ' +
        'topology, findings and conventions. Telemetry and mutes stay. Until it is done, lists and counts are not whole.',
    );
  addConnectionOptions(command).action(async (options: ConnectionOptions) => {
    const client = new ApiClient({ url: options.url, token: tokenOf(options) });
    await client.send('POST', '/api/roll-ups/rebuild');
    terminal.err('Begun; `upshot hops` says up to when all is counted\n');
  });
}
