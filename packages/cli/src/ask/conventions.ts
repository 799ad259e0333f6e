import type { Conventions } from '@upshot/api-contract';
import { renderConventions } from '@upshot/text';
import type { Command } from 'commander';
import { integer } from '../terminal/integer.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { addConnectionOptions, type ConnectionOptions } from './connection.js';
import { askFleet, settingOf } from './fleetQuery.js';

interface ConventionsOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly width?: number;
}

/** `upshot conventions`: the rules in force and who keeps them. */
export function addConventions(program: Command, terminal: Terminal): void {
  const command = program
    .command('conventions')
    .summary('show the conventions in force and who keeps them')
    .description(
      'Shows the rules that a running Upshot was given with `serve --conventions`, and how far each service keeps them: what to mend first ' +
        'comes first.',
    )
    .option('--width <columns>', "columns (default: the terminal's, or 80)", integer('--width', 40, 1000))
    .option('--json', 'print the answer of the API');
  addConnectionOptions(command).action((options: ConventionsOptions) => conventions(options, terminal));
}

async function conventions(options: ConventionsOptions, terminal: Terminal): Promise<void> {
  const body = await askFleet('/api/conventions', options);
  if (options.json) {
    terminal.out(`${safeJson(body)}\n`);
    return;
  }
  const answer = JSON.parse(body) as Conventions;
  if (Object.keys(answer.traceConventions).length === 0)
    terminal.err('No conventions are in force: start Upshot with `upshot serve --conventions FILE`\n');
  else terminal.out(renderConventions(answer, settingOf(options, terminal)));
}
