import { createInterface } from 'node:readline';

/**
 * Tells the test something: the protocol's lines are marked, for libraries write to standard output, too.
 * @param {object} line
 */
export function say(line) {
  process.stdout.write(`@said ${JSON.stringify(line)}\n`);
}

/**
 * Obeys lines of JSON on standard input, one after the other, until it is told to stop. See ServiceProcess.ts for the other end.
 *
 *     → {"id":1,"do":"publish","sent":{…}}          ← {"id":1,"ok":true}
 *     → {"do":"stop"}
 *
 * @param {Record<string, (command: any) => unknown>} commands
 */
export async function obey(commands) {
  say({ said: 'ready' });
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    if (command.do === 'stop') return;
    try {
      await commands[command.do]?.(command);
      say({ id: command.id, ok: true });
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say({ id: command.id, ok: false, error: why });
    }
  }
}
