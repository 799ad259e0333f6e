import { Command, CommanderError } from 'commander';
import { addConventions } from './ask/conventions.js';
import { addFind } from './ask/find.js';
import { addFindings } from './ask/findings.js';
import { addForget } from './ask/forget.js';
import { addHops } from './ask/hops.js';
import { addRebuild } from './ask/rebuild.js';
import { addReindex } from './ask/reindex.js';
import { addShow } from './ask/show.js';
import { addTail } from './ask/tail.js';
import { addTopology } from './ask/topology.js';
import { CliError, ProblemsFound } from './CliError.js';
import { addDemo } from './demo/demo.js';
import { addDoctor } from './doctor/doctor.js';
import { addExport } from './export/export.js';
import { addImport } from './import/import.js';
import { addLint } from './lint/lint.js';
import { addServe } from './serve/serve.js';
import type { Terminal } from './terminal/Terminal.js';

/** Exit codes: 0 fine, 1 something to mend was found, 2 wrong use or failure. */
const FOUND = 1;
const FAILED = 2;

/** Runs one command line. Resolves with the exit code; what went wrong is one line on standard error. */
export async function run(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const program = upshot(terminal, version);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own: help and version end well, everything else is wrong use.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
    if (error instanceof ProblemsFound) return FOUND;
    if (!(error instanceof CliError)) throw error;
    terminal.err(`upshot: ${error.message}\n`);
    return FAILED;
  }
}

function upshot(terminal: Terminal, version: string): Command {
  const program = new Command('upshot')
    .description('Causal tracing for event-driven systems: what did it lead to, and where did it stop?')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'explain a command')
    .helpOption('-h, --help', 'explain')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      outputError: (text, write) => write(oneLine(text)),
    });
  // In the order in which `--help` lists them: run it; one workflow; all of them; files; care.
  addServe(program, terminal, version);
  addDemo(program, terminal, version);
  addShow(program, terminal);
  addFind(program, terminal);
  addTail(program, terminal);
  addHops(program, terminal);
  addTopology(program, terminal);
  addFindings(program, terminal);
  addConventions(program, terminal);
  addLint(program, terminal, version);
  addImport(program, terminal);
  addExport(program, terminal);
  addForget(program, terminal);
  addReindex(program, terminal);
  addRebuild(program, terminal);
  addDoctor(program, terminal);
  return program;
}

/** Commander's errors with their suggestions, in one line. */
function oneLine(text: string): string {
  return `upshot: ${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')}\n`;
}
