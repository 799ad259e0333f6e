import { writeFileSync } from 'node:fs';
import type { Rules } from '@upshot/conventions';
import { FINDING_KINDS, type Finding } from '@upshot/model';
import { safeText } from '@upshot/text';
import { type Command, Option } from 'commander';
import { addTokenOptions, tokenOf } from '../ask/connection.js';
import { CliError, ProblemsFound } from '../CliError.js';
import { integer } from '../terminal/integer.js';
import type { Terminal } from '../terminal/Terminal.js';
import { Baseline } from './Baseline.js';
import { jsonReport } from './formats/jsonReport.js';
import { junitReport } from './formats/junitReport.js';
import type { Report } from './formats/Report.js';
import { sarifReport } from './formats/sarifReport.js';
import { textReport } from './formats/textReport.js';
import { isAtLeast, SEVERITIES } from './Problem.js';
import { ProblemList } from './ProblemList.js';

interface LintOptions {
  readonly conventions?: string;
  readonly format: 'text' | 'json' | 'sarif' | 'junit';
  readonly output?: string;
  readonly kinds: ReadonlySet<Finding['kind']>;
  readonly failOn: Finding['severity'];
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly since: string;
  readonly limit: number;
  readonly token?: string;
  readonly tokenFile?: string;
}

const DEFAULT_KINDS = 'convention,broken-causality,missing-delivery';

/** `upshot lint FILE…|URL`: holds telemetry against the conventions, for people and for pipelines. */
export function addLint(program: Command, terminal: Terminal, version: string): void {
  const command = program
    .command('lint <source...>')
    .summary('check telemetry against conventions')
    .description(
      'Checks recordings (OTLP/JSON, OTLP protobuf, event records, CloudEvents; gzipped or not), or the workflows of a running Upshot by its ' +
        'URL: are the conventions kept, does the trace context survive every hop? Exit code 0: nothing to mend; 1: something is; 2: it could not be checked.',
    )
    .addOption(
      new Option(
        '--conventions <file>',
        'conventions to check by, YAML or JSON (default for a running Upshot: those in force there)',
      ).env('UPSHOT_CONVENTIONS'),
    )
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['text', 'json', 'sarif', 'junit'])
        .default('text'),
    )
    .option('--output <file>', 'write the report there rather than to standard output')
    .addOption(
      new Option('--kinds <kinds>', 'findings to report, separated by commas, or "all"')
        .default(kindsOf(DEFAULT_KINDS), DEFAULT_KINDS)
        .argParser(kindsOf),
    )
    .addOption(
      new Option('--fail-on <severity>', 'end with 1 from this severity on')
        .choices([...SEVERITIES])
        .default('warning'),
    )
    .option('--baseline <file>', 'problems in it are known and let pass')
    .option('--write-baseline', 'write what is found to the baseline, and end with 0')
    .option('--since <time>', 'of a running Upshot: workflows started since (15m, 2h, ISO 8601)', '1h')
    .option(
      '--limit <count>',
      'of a running Upshot: workflows to check',
      integer('--limit', 1, 100_000),
      1000,
    );
  addTokenOptions(command).action((sources: string[], options: LintOptions) =>
    lint(sources, options, terminal, version),
  );
}

async function lint(
  sources: readonly string[],
  options: LintOptions,
  terminal: Terminal,
  version: string,
): Promise<void> {
  const { baseline: file } = options;
  if (options.writeBaseline && file === undefined)
    throw new CliError('--write-baseline wants to know where: add --baseline FILE');
  const baseline = file === undefined || options.writeBaseline ? Baseline.none() : Baseline.read(file);
  const note = (line: string) => terminal.err(`upshot: ${line}\n`);
  const found = new ProblemList(options.kinds);
  await collect(sources, options, found, note);
  const result = found.result(sources);
  if (file !== undefined && options.writeBaseline) {
    Baseline.write(file, result.problems);
    terminal.err(`${result.problems.length} known problems written to ${safeText(file)}\n`);
    return;
  }
  const report: Report = {
    ...result,
    problems: result.problems.filter((problem) => !baseline.has(problem)),
    known: result.problems.filter((problem) => baseline.has(problem)),
  };
  const gone = baseline.gone(result.problems);
  if (gone > 0) note(`${gone} of the baseline's problems are gone: write it anew with --write-baseline`);
  put(reportText(report, options, terminal, version), options.output, terminal);
  const failing = report.problems.filter(({ severity }) => isAtLeast(severity, options.failOn));
  if (failing.length > 0) throw new ProblemsFound();
}

async function collect(
  sources: readonly string[],
  options: LintOptions,
  found: ProblemList,
  note: (line: string) => void,
): Promise<void> {
  const urls = sources.filter((source) => /^https?:\/\//i.test(source));
  if (urls.length > 1 || (urls.length === 1 && sources.length > 1))
    throw new CliError('lint takes files or one URL, not both');
  const rules = options.conventions === undefined ? null : await rulesIn(options.conventions, note);
  const [url] = urls;
  if (url !== undefined) {
    const { since, limit } = options;
    const { lintServer } = await import('./lintServer.js');
    await lintServer({ url, token: tokenOf(options), since, limit }, rules, found, note);
    return;
  }
  if (rules === null)
    note('no --conventions given: only what breaks without any, such as lost trace context, is looked for');
  // The commands that only ask start in a fraction of the time without causality and a store.
  const { lintFiles } = await import('./lintFiles.js');
  await lintFiles(sources, rules, found, note);
}

async function rulesIn(file: string, note: (line: string) => void): Promise<Rules> {
  const { ConventionsFileError, readConventionsFile } = await import('@upshot/conventions-file');
  try {
    return (await readConventionsFile(file)).rules;
  } catch (error) {
    if (!(error instanceof ConventionsFileError)) throw error;
    const [first, ...others] = error.faults;
    for (const fault of others) note(safeText(fault));
    throw new CliError(safeText(first!), { cause: error });
  }
}

function reportText(report: Report, { format, output }: LintOptions, terminal: Terminal, version: string) {
  switch (format) {
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report, version);
    case 'junit':
      return junitReport(report);
    default:
      return textReport(report, { color: terminal.color && output === undefined });
  }
}

function put(text: string, file: string | undefined, terminal: Terminal): void {
  if (file === undefined) {
    terminal.out(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CliError(
      `The report can't be written to ${safeText(file)} (${(error as NodeJS.ErrnoException).code})`,
      { cause: error },
    );
  }
}

function kindsOf(text: string): ReadonlySet<Finding['kind']> {
  if (text === 'all') return new Set(FINDING_KINDS);
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !FINDING_KINDS.some((known) => known === kind));
  if (unknown !== undefined)
    throw new CliError(
      `--kinds: ${safeText(unknown)} is none; there are ${FINDING_KINDS.join(', ')}, or all`,
    );
  return new Set(FINDING_KINDS.filter((kind) => kinds.includes(kind)));
}
