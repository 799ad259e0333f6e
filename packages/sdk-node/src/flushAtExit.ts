import type { RunningUpshot } from './RunningUpshot.js';

/** How long a process that is told to end waits for Upshot: well below the 10 s after which orchestrators kill. */
const WITHIN_MS = 2000;

/**
 * Sends what waits when the process ends. A signal that nobody else handles ends the process as it would have, only later by what sending
 * takes; where the application handles it, it goes on to decide when to exit. `process.exit` waits for nobody: what it cuts off is told.
 */
export function flushAtExit(running: RunningUpshot, say: (line: string) => void): () => void {
  const beforeExit = () => {
    if (running.pending > 0) void running.flush(WITHIN_MS);
  };
  const exit = () => {
    if (running.pending > 0)
      say(`${running.pending} spans and records not sent: await shutdown() before process.exit()`);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    const alone = process.listenerCount(signal) === 1;
    void running.flush(WITHIN_MS).then(() => {
      if (!alone) return;
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    });
  };
  process.on('beforeExit', beforeExit);
  process.on('exit', exit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    process.off('beforeExit', beforeExit);
    process.off('exit', exit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
