import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where packages put servers, which the path of an ordinary user may leave out. */
const BESIDE_PATH = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

/** Where a program lies; null where it is not installed. */
export function programAt(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...BESIDE_PATH];
  return (
    folders
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name))
      .find(existsSync) ?? null
  );
}

/**
 * The folder of an npm package that holds a server, be it the user's, below the working directory, or one beside us; null where it is not installed. It is looked for by its
 * folders: a package need not export its manifest.
 */
export function packageAt(name: string): string | null {
  for (const from of [join(process.cwd(), 'any.js'), fileURLToPath(import.meta.url)]) {
    const paths = createRequire(pathToFileURL(from)).resolve.paths(name) ?? [];
    const found = paths
      .map((path) => join(path, name))
      .find((path) => existsSync(join(path, 'package.json')));
    if (found !== undefined) return found;
  }
  return null;
}

/** What to install, for the words of an error. */
export function notThere(name: string, install: string): string {
  return `${name} is not installed here: ${install}`;
}
