import { ConventionsFileError, type ConventionsRead, parseConventionsText } from './parseConventionsText.js';
import { textOf } from './readConventionsFile.js';

/** How often the file is looked at. With the second look it takes at most a second until a change holds. */
const EVERY_MS = 300;

export interface Watch {
  /** The rules in force: those of the last file that was right. */
  readonly current: ConventionsRead;
  close(): void;
}

export interface WatchOptions {
  /** A changed file is in force. */
  readonly onChange?: (read: ConventionsRead) => void;
  /** A changed file is wrong, or is gone: the rules stay as they were. Told once for each state of the file. */
  readonly onFault?: (error: ConventionsFileError) => void;
}

/**
 * Reads a conventions file and goes on looking at it. By polling: editors and configuration mounts replace a file rather than write it, which
 * watchers of file systems see differently everywhere. What changed is taken when two looks saw the same, for it may be written as we look.
 * @throws ConventionsFileError where the file is wrong at the start
 */
export async function watchConventionsFile(file: string, options: WatchOptions = {}): Promise<Watch> {
  let known = await textOf(file);
  let current = parseConventionsText(known, file);
  let pending: string | null = null;
  let closed = false;
  let timer: NodeJS.Timeout;

  const look = async (): Promise<void> => {
    const seen = await textOf(file).catch((error: ConventionsFileError) => error);
    if (closed) return;
    const state = typeof seen === 'string' ? seen : seen.message;
    if (state === known) pending = null;
    else if (state !== pending) pending = state;
    else {
      known = state;
      pending = null;
      take(seen);
    }
  };
  const take = (seen: string | ConventionsFileError): void => {
    try {
      if (typeof seen !== 'string') throw seen;
      current = parseConventionsText(seen, file);
    } catch (error) {
      if (!(error instanceof ConventionsFileError)) throw error;
      options.onFault?.(error);
      return;
    }
    options.onChange?.(current);
  };
  const again = (): void => {
    // Nothing is kept alive for the sake of looking.
    timer = setTimeout(() => void look().finally(() => closed || again()), EVERY_MS).unref();
  };
  again();
  return {
    get current() {
      return current;
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
