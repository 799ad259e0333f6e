import { StorageError } from '@upshot/storage';
import { AskError } from './ask/AskError.js';

/** What was told is told again after so long, while it lasts. */
const AGAIN_MS = 60_000;

/** Tells errors to whoever runs the server. Where a store is away, every question of the background fails alike: that is one line a minute. */
export function errorLog(log: (line: string) => void): (error: unknown) => void {
  let last = { text: '', atMs: Number.NEGATIVE_INFINITY };
  return (error) => {
    const text = describe(error);
    const now = performance.now();
    if (text === last.text && now - last.atMs < AGAIN_MS) return;
    last = { text, atMs: now };
    log(`upshot: ${text}`);
  };
}

/** One line of what the store said, for that is nothing to be mended here; of anything else where it happened, too. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error instanceof StorageError) return lineOf(error.message);
  if (error instanceof AskError && cause instanceof StorageError) return lineOf(cause.message);
  return error.stack ?? error.message;
}

function lineOf(message: string): string {
  return message.replaceAll(/\s+/g, ' ');
}
