/** One service of the shop, a process of its own. What it is stands in its environment; its parent tells it the rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startUpshot } from '@upshot/sdk-node';
import { type Fault, parseFault } from '../faults/Fault.js';
import { Faults } from '../faults/Faults.js';
import { isServiceName, READERS, subscriptions } from '../services/readers.js';
import { isTransportName, TRANSPORTS } from '../transport/transports.js';
import { type Entry, openEntry } from './entry.js';
import { type Command, ENV, type Outcome, type Said } from './messages.js';
import { read } from './read.js';

const CLOSES_WITHIN_MS = 2_000;
const FLUSHES_WITHIN_MS = 1_000;

const { env } = process;
const service = env[ENV.service] ?? '';
const transportName = env[ENV.transport] ?? '';
if (!isServiceName(service) || !isTransportName(transportName))
  throw new Error(`${ENV.service} and ${ENV.transport} must name a service and a transport of the shop`);

const initial = (env[ENV.faults] ?? '')
  .split(' ')
  .filter((text) => text !== '')
  .map(parseFault);
const faults = new Faults();
faults.set(own(initial));

const upshot = await startUpshot({ service, endpoint: env[ENV.endpoint] });
const transportModule = await TRANSPORTS[transportName].load();
const transport = await transportModule.connect({ url: env[ENV.url] ?? '', service, upshot });
let entry: Entry | null = null;
if (service === 'shop')
  entry = await openEntry({ upshot, transport, faults, port: Number(env[ENV.port] ?? 0) });
else {
  const fault = (kind: Fault['kind']) => own(initial).find((one) => one.kind === kind);
  await read(READERS[service](env[ENV.webhook] ?? ''), {
    upshot,
    transport,
    faults,
    batch: fault('batch')?.amount ?? 1,
    traced: fault('vocabulary') === undefined,
  });
}

process.on('message', (command: Command) => {
  if ('stop' in command) void stop();
  else if ('replay' in command) void replay().then((outcome) => say({ done: command.id, ...outcome }));
  else {
    faults.set(own(command.faults.map(parseFault)));
    say({ done: command.id });
  }
});
// The shop is gone, however it ended: so is this service.
process.once('disconnect', () => void stop());
// Ctrl-C reaches the whole group of processes; it is the shop that ends its services.
process.on('SIGINT', () => {});
process.once('SIGTERM', () => void stop());
say({ ready: true, url: entry?.url ?? null });

async function replay(): Promise<Outcome> {
  if (!transport.replay)
    return { error: `${transportName} has no dead letters that could go to ${service} alone` };
  try {
    let replayed = 0;
    for (const { topic, consumer } of subscriptions())
      if (consumer === service) replayed += await transport.replay(topic);
    return { replayed };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function stop(): Promise<void> {
  // A broker that is gone may keep its client waiting for ever; what was not settled comes again.
  const closed = Promise.allSettled([entry?.close(), transport.close()]);
  await Promise.race([closed, sleep(CLOSES_WITHIN_MS)]);
  await upshot.shutdown(FLUSHES_WITHIN_MS);
  process.exit(0);
}

function own(list: readonly Fault[]): Fault[] {
  return list.filter((fault) => fault.service === service);
}

function say(said: Said): void {
  if (process.connected) process.send?.(said);
}
