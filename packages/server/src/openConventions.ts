import { ConventionsFileError, type Watch, watchConventionsFile } from '@upshot/conventions-file';
import { StartupError } from './StartupError.js';

/** The project's conventions, from now on as the file has them. Rejects with `StartupError` where it is wrong. */
export async function openConventions(file: string, log: (line: string) => void): Promise<Watch> {
  try {
    return await watchConventionsFile(file, {
      onChange: () => log(`upshot: ${file} has changed; its conventions are in force`),
      onFault: ({ message }) => log(`upshot: ${message}; the conventions in force stay as they were`),
    });
  } catch (error) {
    if (error instanceof ConventionsFileError) throw new StartupError(error.message, { cause: error });
    throw error;
  }
}
