import type { Propagation } from '@upshot/model';
import { renderPropagation, safeText } from '@upshot/text';
import type { Command } from 'commander';
import { ProblemsFound } from '../CliError.js';
import { integer } from '../terminal/integer.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { addConnectionOptions } from './connection.js';
import { askFleet, type FleetQueryOptions, rangeWords, settingOf } from './fleetQuery.js';

interface HopsOptions extends FleetQueryOptions {
  readonly broken?: boolean;
  readonly failOnBroken?: boolean;
}

/** `upshot hops`: where context is carried over, where it is lost, and whose change mends it. */
export function addHops(program: Command, terminal: Terminal): void {
  const command = program
    .command('hops')
    .summary('show where context is lost, and whose change helps')
    .description(
      'Shows each hop, producer → event → destination → consumer, and whether its deliveries carry trace context. What is at fault comes ' +
        'first, each cause in a sentence with its fix.',
    )
    .option('--since <time>', 'of workflows begun since: 15m, 2h, 14d, ISO 8601 or Unix nanoseconds')
    .option('--until <time>', 'of workflows begun before')
    .option('--broken', 'only hops that are broken now')
    .option('--fail-on-broken', 'exit with 1 if a hop is broken, for pipelines')
    .option('--width <columns>', "columns (default: the terminal's, or 80)", integer('--width', 40, 1000))
    .option('--json', 'print the answer of the API');
  addConnectionOptions(command).action((options: HopsOptions) => hops(options, terminal));
}

async function hops(options: HopsOptions, terminal: Terminal): Promise<void> {
  const { since, until } = options;
  const body = await askFleet('/api/propagation', options, { since, until });
  const answer = JSON.parse(body) as Propagation;
  const broken = answer.hops.filter(({ state }) => state === 'broken');
  const shown = options.broken ? { ...answer, hops: broken } : answer;
  if (options.json) terminal.out(`${safeJson(options.broken ? JSON.stringify(shown) : body)}\n`);
  else if (shown.hops.length > 0) terminal.out(renderPropagation(shown, settingOf(options, terminal)));
  else terminal.err(nothingWords(answer, options));
  if (options.failOnBroken && broken.length > 0) throw new ProblemsFound();
}

function nothingWords({ hops: all }: Propagation, options: HopsOptions): string {
  const range = safeText(rangeWords(options));
  if (all.length > 0) return `No hop is broken${range}: ${all.length} carry their context\n`;
  return `No deliveries${range}: a hop shows once a consumer's span or record of an event has arrived\n`;
}
