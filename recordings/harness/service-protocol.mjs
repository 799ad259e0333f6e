/**
 * How a service of a scenario talks with the script that records it: lines on stdin and stdout, so that
 * services in any language can take part.
 *
 *   service → script   @said {"what":"ready"}
 *   script → service   {"command":"stop"}
 */
import { createInterface } from 'node:readline';
import { trace } from '@opentelemetry/api';

/** Tells the script that something happened: `ready` once it may be used, `done` with what was handled. */
export function say(what, details = {}) {
  process.stdout.write(`@said ${JSON.stringify({ what, ...details })}\n`);
}

/**
 * Says `ready`, then obeys commands until `stop`: then closes, flushes the telemetry and exits.
 *
 * @param {{ close: () => Promise<unknown>, commands?: Record<string, (command: object) => unknown> }} service
 */
export async function serve({ close, commands = {} }) {
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    if (command.command === 'stop') break;
    await commands[command.command](command);
  }
  await close();
  await trace.getTracerProvider().getDelegate().shutdown?.();
  process.exit(0);
}
