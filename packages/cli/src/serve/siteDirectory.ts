import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Where the built web interface lies; the folder is not there where it was not built. It is files to hand on, not code to call, so it is
 * found by its package and not imported.
 */
export function siteDirectory(): string {
  const manifest = createRequire(import.meta.url).resolve('@upshot/web/package.json');
  return join(dirname(manifest), 'dist', 'site');
}
