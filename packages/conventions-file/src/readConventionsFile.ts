import { open } from 'node:fs/promises';
import {
  ConventionsFileError,
  type ConventionsRead,
  MAX_BYTES,
  parseConventionsText,
} from './parseConventionsText.js';

/**
 * Reads a conventions file.
 * @throws ConventionsFileError where it can't be read, or is wrong: with lines and columns
 */
export async function readConventionsFile(file: string): Promise<ConventionsRead> {
  return parseConventionsText(await textOf(file), file);
}

/** The text of a file; never more of it than one byte beyond the limit, whatever it is. */
export async function textOf(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const bytes = Buffer.alloc(MAX_BYTES + 1);
      let length = 0;
      for (let read = 1; read > 0 && length < bytes.length; length += read) {
        ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length));
      }
      return bytes.toString('utf8', 0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConventionsFileError([`${file} can't be read (${code ?? message})`], { cause: error });
  }
}
