import type { Shop } from '@upshot/example-shop';
import { TRANSPORTS } from '@upshot/example-shop/transports';
import type { RunningServer } from '@upshot/server';
import type { Command } from 'commander';
import { CliError } from '../CliError.js';
import { addServeOptions, drain, readyLine, start, stopSignal } from '../serve/serve.js';
import { type ServeOptions, serverOptions } from '../serve/serverOptions.js';
import { integer } from '../terminal/integer.js';
import type { Terminal } from '../terminal/Terminal.js';
import { DemoGuide } from './DemoGuide.js';

interface DemoOptions extends ServeOptions {
  readonly broker: string;
  readonly brokerUrl?: string;
  readonly ordersPort: number;
}

/** `upshot demo`: Upshot, and a shop that breaks, until it is told to stop. */
export function addDemo(program: Command, terminal: Terminal, version: string): void {
  const command = program
    .command('demo')
    .summary('see it at work on a shop that breaks on purpose')
    .description(
      'Starts Upshot and a small event-driven shop, eight services in processes of their own, places a few orders in which things go wrong, says what ' +
        'to look at, and keeps both running until Ctrl-C. Needs no broker; keeps nothing, unless --store names a directory.',
    )
    .option(
      '--broker <name>',
      `what events go over: ${Object.keys(TRANSPORTS).join(', ')}; or the URL of a broker`,
      'http',
    )
    .option('--broker-url <url>', 'of a broker that runs; without it one is started')
    .option(
      '--orders-port <port>',
      'where the shop takes orders; 0 takes a free one',
      integer('--orders-port', 0, 65_535),
      0,
    );
  addServeOptions(command, 'memory').action((options: DemoOptions) => demo(options, terminal, version));
}

async function demo(options: DemoOptions, terminal: Terminal, version: string): Promise<void> {
  const log = (line: string) => terminal.err(`${line}\n`);
  const stopped = stopSignal();
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  // A few hundred milliseconds that the other commands are spared.
  const { bringBroker, CONVENTIONS, faultsOf, openControls, Shop } = await import('@upshot/example-shop');
  const settings = serverOptions({ ...options, conventions: options.conventions ?? CONVENTIONS });
  if (settings.tls !== null)
    throw new CliError('demo speaks plain HTTP: leave --tls-cert and --tls-key to serve');
  const broker = await bringBroker(options.broker, options.brokerUrl).catch((error: Error) => {
    throw new CliError(`--broker: ${error.message}`, { cause: error });
  });
  const closing: (() => Promise<unknown>)[] = [() => broker.close()];
  try {
    const server: RunningServer = await start({ ...settings, version, log });
    closing.push(() => drain(server));
    terminal.out(readyLine(server, settings));
    const guide = new DemoGuide(server, settings.token ?? null, terminal);
    const base = await guide.firstNumber();
    let shop: Shop;
    try {
      shop = await Shop.start({
        endpoint: server.otlpHttpUrl,
        token: settings.token ?? undefined,
        transport: broker.transport,
        url: broker.url,
        port: options.ordersPort,
        faults: faultsOf(base ?? 0),
        log: (line) => log(`shop: ${line}`),
      });
    } catch (error) {
      // Whoever came to see Upshot has it all the same.
      log(`upshot: the shop did not start: ${(error as Error).message}`);
      guide.address();
      await stopped;
      return;
    }
    closing.push(() => shop.close());
    const controls = await openControls(shop);
    closing.push(() => controls.close());
    if (base === null) guide.strangers();
    else await guide.tell(shop, base, stop.signal);
    if (!stop.signal.aborted) {
      guide.address();
      guide.controls(`${shop.entryUrl}/orders`, controls.url);
    }
    await stopped;
  } finally {
    // The shop sends what it has left before Upshot drains; whatever fails to end must not keep the rest.
    for (const close of closing.reverse())
      await close().catch((error: Error) => log(`upshot: ${error.message}`));
  }
}
