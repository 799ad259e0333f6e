import { FINDING_KINDS, type FindingGroup, type FoundFinding } from '@upshot/model';
import { formatCount, renderFindingGroups, renderFindings, safeText } from '@upshot/text';
import { type Command, Option } from 'commander';
import { integer } from '../terminal/integer.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';
import { addConnectionOptions } from './connection.js';
import { askFleet, type FleetQueryOptions, rangeWords, settingOf } from './fleetQuery.js';
import { addMuting } from './muting.js';

interface FindingsOptions extends FleetQueryOptions {
  readonly kind?: string;
  readonly limit: number;
  readonly groups?: boolean;
  readonly feed?: boolean;
}

interface Feed {
  readonly findings: readonly FoundFinding[];
  readonly nextCursor: string | null;
}

interface Groups {
  readonly groups: readonly FindingGroup[];
}

const DEFAULT_LIMIT = 20;

/** `upshot findings`: what is wrong over all workflows, each cause once or each finding as it came. */
export function addFindings(program: Command, terminal: Terminal): void {
  const command = program
    .command('findings')
    .summary('show what is wrong, each cause once')
    .description(
      'Shows findings over all workflows: grouped, each cause once with how many workflows it hit and since when; with --feed each ' +
        'finding, those of the newest workflow first.',
    )
    .addOption(new Option('--kind <kind>', 'findings of this kind alone').choices([...FINDING_KINDS]))
    .option('--since <time>', 'of workflows begun since: 15m, 2h, 14d, ISO 8601 or Unix nanoseconds')
    .option('--until <time>', 'of workflows begun before')
    .option('--limit <count>', 'causes or findings to show', integer('--limit', 1, 1000), DEFAULT_LIMIT)
    .option('--groups', 'each cause once (the default)')
    .addOption(new Option('--feed', 'each finding, newest first').conflicts('groups'))
    .option('--width <columns>', "columns (default: the terminal's, or 80)", integer('--width', 40, 1000))
    .option('--json', 'print the answer of the API');
  addConnectionOptions(command).action((options: FindingsOptions) => findings(options, terminal));
  addMuting(command, terminal);
}

async function findings(options: FindingsOptions, terminal: Terminal): Promise<void> {
  const { kind, since, until, limit } = options;
  if (options.feed) {
    const body = await askFleet('/api/findings', options, { kind, since, until, limit: `${limit}` });
    const { findings: found, nextCursor } = JSON.parse(body) as Feed;
    if (options.json) return terminal.out(`${safeJson(body)}\n`);
    if (found.length > 0) terminal.out(renderFindings(found, settingOf(options, terminal)));
    return terminal.err(endWords(found.length, nextCursor !== null, options));
  }
  const body = await askFleet('/api/findings/groups', options, { kind, since, until });
  if (options.json) return terminal.out(`${safeJson(body)}\n`);
  const { groups } = JSON.parse(body) as Groups;
  // Muted ones stand last: what is cut off must not hide a cause behind them.
  const ordered = [
    ...groups.filter(({ muted }) => muted === null),
    ...groups.filter(({ muted }) => muted !== null),
  ];
  const shown = ordered.slice(0, limit);
  if (shown.length > 0) terminal.out(renderFindingGroups(shown, settingOf(options, terminal)));
  terminal.err(endWords(shown.length, groups.length > shown.length, options, groups.length));
}

/** What is not on standard output: that there is nothing, or that there is more. */
function endWords(shown: number, more: boolean, options: FindingsOptions, all?: number): string {
  const what = options.kind === undefined ? '' : ` of kind ${safeText(options.kind)}`;
  if (shown === 0) return `Nothing found${what}${safeText(rangeWords(options))}\n`;
  if (!more) return '';
  const count = all === undefined ? `${formatCount(shown)}` : `${formatCount(shown)} of ${formatCount(all)}`;
  return `${count} shown; there are more: narrow it with --since or --kind, or raise --limit\n`;
}
