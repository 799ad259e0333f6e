import type { Topology } from '@upshot/model';
import { renderTopology, renderTopologyDot, renderTopologyMermaid, safeText } from '@upshot/text';
import { type Command, Option } from 'commander';
import { integer } from '../terminal/integer.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { addConnectionOptions } from './connection.js';
import { askFleet, type FleetQueryOptions, rangeWords, settingOf } from './fleetQuery.js';

const FORMATS = ['text', 'json', 'mermaid', 'dot'] as const;

interface TopologyOptions extends FleetQueryOptions {
  readonly format: (typeof FORMATS)[number];
}

/** `upshot topology`: which events go to whom. */
export function addTopology(program: Command, terminal: Terminal): void {
  const command = program
    .command('topology')
    .summary('show which events go to which consumers')
    .description(
      'Shows each event with who publishes and who consumes it: how many, how often it fails or recovers, how long it waits and is ' +
        'worked on. `--format mermaid` and `--format dot` draw it.',
    )
    .option('--since <time>', 'of workflows begun since: 15m, 2h, 14d, ISO 8601 or Unix nanoseconds')
    .option('--until <time>', 'of workflows begun before')
    .addOption(new Option('--format <format>', 'how it is written').choices(FORMATS).default('text'))
    .option('--width <columns>', "columns (default: the terminal's, or 80)", integer('--width', 40, 1000))
    .option('--json', 'the same as --format json');
  addConnectionOptions(command).action((options: TopologyOptions) => topology(options, terminal));
}

async function topology(options: TopologyOptions, terminal: Terminal): Promise<void> {
  const { since, until } = options;
  const body = await askFleet('/api/topology', options, { since, until });
  const answer = JSON.parse(body) as Topology;
  switch (options.json ? 'json' : options.format) {
    case 'json':
      return terminal.out(`${safeJson(body)}\n`);
    case 'mermaid':
      return terminal.out(renderTopologyMermaid(answer));
    case 'dot':
      return terminal.out(renderTopologyDot(answer));
    case 'text':
      if (answer.events.length === 0)
        return terminal.err(
          `No events${safeText(rangeWords(options))}: send traces or event records first\n`,
        );
      return terminal.out(renderTopology(answer, settingOf(options, terminal)));
  }
}
