import { counted, safeText } from '@upshot/text';
import { type Command, Option } from 'commander';
import { addTokenOptions, type ConnectionOptions, tokenOf } from '../ask/connection.js';
import { CliError } from '../CliError.js';
import type { Terminal } from '../terminal/Terminal.js';
import { ExportClient } from './ExportClient.js';
import { Progress } from './Progress.js';
import { Tally } from './Tally.js';
import type { TelemetryFile } from './TelemetryRequest.js';
import { telemetryFile } from './telemetryFile.js';

interface ImportOptions extends Omit<ConnectionOptions, 'url'> {
  readonly otlpUrl: string;
  readonly shiftToNow?: boolean;
}

/** `upshot import FILE…`: sends recorded telemetry to a running Upshot. */
export function addImport(program: Command, terminal: Terminal): void {
  const command = program
    .command('import <file...>')
    .summary('send recorded telemetry to Upshot')
    .description(
      'Reads OTLP/JSON (a document, an array of them, or one on each line) and OTLP protobuf (an encoded ' +
        "ExportTraceServiceRequest), traces in Jaeger's JSON and Zipkin v2 JSON, event records, CloudEvents, and what `upshot export` " +
        'wrote, told apart by what they hold, gzipped or not, and sends it over HTTP. Importing twice changes nothing.',
    )
    .addOption(
      new Option('--otlp-url <url>', "Upshot's OTLP/HTTP port")
        .env('UPSHOT_OTLP_URL')
        .default('http://127.0.0.1:4318'),
    )
    .option(
      '--shift-to-now',
      'move all times so that the newest end is now; distances stay, attributes are not touched',
    );
  addTokenOptions(command).action((files: string[], options: ImportOptions) =>
    importFiles(files, options, terminal),
  );
}

async function importFiles(
  names: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<void> {
  const client = new ExportClient(options.otlpUrl, tokenOf(options));
  const tally = new Tally();
  const files = await readable(names, tally);
  const shiftNano = options.shiftToNow ? await shiftToNow(files) : 0n;
  const progress = new Progress(terminal);
  for (const [name, file] of files) {
    try {
      for await (const request of file.requests(shiftNano)) {
        if (request.count === 0) continue;
        tally.count(request, await client.send(request));
        progress.show(`${safeText(name)}: ${tally.acceptedText()}`);
      }
    } catch (error) {
      // One file that is none must not keep the others out; a server that is away keeps all of them out.
      if (!(error instanceof CliError) || !isAbout(name, error)) throw error;
      tally.fail(error.message);
    } finally {
      progress.clear();
    }
  }
  for (const line of tally.lines(names.length)) terminal.out(`${line}\n`);
  if (tally.failures.length > 0)
    throw new CliError(`${counted(tally.failures.length, 'file')} could not be imported`);
  if (tally.accepted === 0) throw new CliError('Nothing was imported');
}

async function readable(names: readonly string[], tally: Tally): Promise<Map<string, TelemetryFile>> {
  const files = new Map<string, TelemetryFile>();
  for (const name of names) {
    try {
      files.set(name, await telemetryFile(name));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      tally.fail(error.message);
    }
  }
  return files;
}

/** How far to move all files together, so that what lay between them stays between them. */
async function shiftToNow(files: ReadonlyMap<string, TelemetryFile>): Promise<bigint> {
  let newest = 0n;
  for (const [name, file] of files) {
    try {
      for await (const end of file.ends()) if (end > newest) newest = end;
    } catch (error) {
      // It is told when the file is to be sent.
      if (!(error instanceof CliError) || !isAbout(name, error)) throw error;
    }
  }
  return newest === 0n ? 0n : BigInt(Date.now()) * 1_000_000n - newest;
}

function isAbout(file: string, error: CliError): boolean {
  return error.message.startsWith(file);
}
