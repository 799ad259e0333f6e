import type { RunningUpshot } from './RunningUpshot.js';

/** How long a process that is told to end waits for Upshot: well below the 10 s after which orchestrators kill. */
const WITHIN_MS = 2000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Whatever was started in this process, and where each says what it has to say. One listener serves all: two would each take the other for the application's. */
const watched = new Map<RunningUpshot, (line: string) => void>();

/**
 * Sends what waits when the process ends. A signal that nobody else handles ends the process as it would have, only later by what sending
 * takes; where the application handles it, it goes on to decide when to exit. `process.exit` waits for nobody: what it cuts off is told.
 */
export function flushAtExit(running: RunningUpshot, say: (line: string) => void): () => void {
  if (watched.size === 0) {
    process.on('beforeExit', beforeExit);
    process.on('exit', exit);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  watched.set(running, say);
  return () => {
    if (!watched.delete(running) || watched.size > 0) return;
    process.off('beforeExit', beforeExit);
    process.off('exit', exit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

function beforeExit(): void {
  for (const running of watched.keys()) if (running.pending > 0) void running.flush(WITHIN_MS);
}

function exit(): void {
  for (const [running, say] of watched) {
    if (running.pending > 0)
      say(`${running.pending} spans and records not sent: await shutdown() before process.exit()`);
  }
}

function onSignal(signal: NodeJS.Signals): void {
  const alone = process.listenerCount(signal) === 1;
  void Promise.all([...watched.keys()].map((running) => running.flush(WITHIN_MS))).then(() => {
    if (!alone) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}
