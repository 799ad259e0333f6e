import { resolve } from 'node:path';
import type { RunningServer, ServerOptions, StoreChoice } from '@upshot/server';
import { type Command, Option } from 'commander';
import { addTokenOptions } from '../ask/connection.js';
import { CliError } from '../CliError.js';
import { integer } from '../terminal/integer.js';
import type { Terminal } from '../terminal/Terminal.js';
import { envOf } from './envOf.js';
import { addLimitOptions } from './limitOptions.js';
import { type ServeOptions, serverOptions } from './serverOptions.js';

const DEFAULT_STORE = '.upshot';
/** Draining may take so long; a supervisor would kill the process not much later. */
const DRAIN_MS = 25_000;
const PORT = [0, 65_535] as const;

/** `upshot serve`: takes telemetry and answers questions until it is told to stop. */
export function addServe(program: Command, terminal: Terminal, version: string): void {
  const command = program
    .command('serve')
    .summary('take telemetry and answer questions')
    .description(
      'Takes OpenTelemetry traces and event records, keeps them, and answers what they mean. Prints one line when it is ready; ' +
        'SIGTERM and SIGINT end it once everything acknowledged is durable.',
    );
  addServeOptions(command, DEFAULT_STORE).action((options: ServeOptions) =>
    serve(options, terminal, version),
  );
}

/** The options of every command that runs an Upshot. */
export function addServeOptions(command: Command, defaultStore: string): Command {
  const port = (name: string, text: string, fallback: number) =>
    new Option(`--${name} <port>`, `${text}; 0 takes a free one`)
      .env(envOf(name))
      .default(fallback)
      .argParser(integer(`--${name}`, ...PORT));
  command
    .addOption(
      new Option('--host <address>', 'address of all three ports').env(envOf('host')).default('127.0.0.1'),
    )
    .addOption(port('port', 'port of the API', 4320))
    .addOption(port('otlp-http-port', 'port of OTLP over HTTP, and of event records', 4318))
    .addOption(port('otlp-grpc-port', 'port of OTLP over gRPC', 4317))
    .addOption(
      new Option(
        '--store <store>',
        'directory of the embedded store, clickhouse://user:password@host:8123/database[?cluster=NAME], or "memory"',
      )
        .env(envOf('store'))
        .default(defaultStore),
    )
    .addOption(
      new Option(
        '--retention <duration>',
        'how long telemetry is kept, such as 14d; older is refused (default: for ever)',
      ).env(envOf('retention')),
    )
    .addOption(
      new Option(
        '--retention-size <size>',
        'how much telemetry is kept, such as 20GB: past it the oldest days go (default: all)',
      ).env(envOf('retention-size')),
    )
    .addOption(
      new Option(
        '--conventions <file>',
        'conventions that telemetry is held against (YAML or JSON); a changed file is taken without a restart',
      ).env(envOf('conventions')),
    );
  command
    .option(
      '--redact <rule...>',
      'what must not be stored: drop:KEY, mask:KEY or hash:KEY of attributes and record fields, * being any characters; may be repeated (env: UPSHOT_REDACT)',
    )
    .addOption(new Option('--redact-file <file>', 'the same, a rule on each line').env(envOf('redact-file')))
    .addOption(
      new Option(
        '--redact-secret-file <file>',
        'a secret for hashes, without which likely values can be guessed from them',
      ).env(envOf('redact-secret-file')),
    );
  addTokenOptions(command)
    .addOption(
      new Option('--tls-cert <file>', 'certificate chain (PEM) for all three ports').env(envOf('tls-cert')),
    )
    .addOption(new Option('--tls-key <file>', 'its private key (PEM)').env(envOf('tls-key')))
    .option(
      '--trace-link <name=url...>',
      'where else a trace can be seen, such as Jaeger=https://jaeger.example/trace/{traceId}; may be repeated (env: UPSHOT_TRACE_LINK)',
    )
    .option('--insecure', 'let a host beyond loopback do without a token (env: UPSHOT_INSECURE=1)')
    .addHelpText(
      'after',
      '\nEach option is also read from the environment: --otlp-http-port from UPSHOT_OTLP_HTTP_PORT.',
    );
  addLimitOptions(command);
  return command;
}

async function serve(options: ServeOptions, terminal: Terminal, version: string): Promise<void> {
  const log = (line: string) => terminal.err(`${line}\n`);
  const settings = { ...serverOptions(options), version, log };
  // Before the server is there: a signal while it starts must not be lost.
  const stopped = stopSignal();
  const server = await start(settings);
  terminal.out(readyLine(server, settings));
  await stopped;
  await drain(server);
}

/** The line by which other programs know that it is ready, and where. */
export function readyLine(server: RunningServer, { store }: Pick<ServerOptions, 'store'>): string {
  return `upshot ready ui=${server.uiUrl} otlp-http=${server.otlpHttpUrl} otlp-grpc=${server.otlpGrpcUrl} store=${storeName(store, server)}\n`;
}

/** Where telemetry is kept, for the ready line: without credentials. */
function storeName(choice: StoreChoice, server: RunningServer): string {
  if (choice.kind === 'embedded') return resolve(choice.directory);
  return choice.kind === 'memory' ? 'memory' : server.store;
}

/** Rejects with `CliError` where it can't be. */
export async function start(settings: ServerOptions): Promise<RunningServer> {
  // The commands that only ask start in a fraction of the time without it.
  const { StartupError, startServer } = await import('@upshot/server');
  try {
    return await startServer(settings);
  } catch (error) {
    if (error instanceof StartupError) throw new CliError(error.message, { cause: error });
    throw error;
  }
}

/** Resolves with the first signal. A second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolveStop) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolveStop());
  });
}

/** Ends it once everything acknowledged is durable. */
export async function drain(server: RunningServer): Promise<void> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(
      () => reject(new CliError(`Not done after ${DRAIN_MS / 1000} s of draining; ended all the same`)),
      DRAIN_MS,
    ).unref();
  });
  await Promise.race([server.close(), late]);
}
