import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One built file of the web interface. */
export interface SiteFile {
  readonly type: string;
  readonly body: Buffer;
  /** Whether its name holds a hash of its content, so that it never changes. */
  readonly immutable: boolean;
  /** The body, compressed once; null where that saves nothing. */
  gzipped(): Buffer | null;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSIBLE = /^(?:text\/|image\/svg)/;
/** Vite writes every file whose name it gives a hash into this folder, and no other. */
const HASHED = '/assets/';

/**
 * The built files of the web interface by URL path, read once: they are few and small, and a path that is not among them can
 * lead nowhere else. Null where there is no `index.html`: it was not built.
 */
export function readSite(directory: string | null): ReadonlyMap<string, SiteFile> | null {
  if (directory === null) return null;
  const files = new Map<string, SiteFile>();
  try {
    collect(directory, '/', files);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return files.has('/index.html') ? files : null;
}

function collect(directory: string, prefix: string, files: Map<string, SiteFile>): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) collect(path, `${prefix}${entry.name}/`, files);
    // Other kinds of file, and the build's own notes, are not for browsers.
    else if (TYPES[extname(entry.name)] !== undefined) {
      files.set(prefix + entry.name, siteFile(prefix + entry.name, readFileSync(path)));
    }
  }
}

function siteFile(path: string, body: Buffer): SiteFile {
  const type = TYPES[extname(path)]!;
  let gzipped: Buffer | null | undefined;
  return {
    type,
    body,
    immutable: path.startsWith(HASHED),
    gzipped: () => {
      if (gzipped === undefined) gzipped = COMPRESSIBLE.test(type) ? gzipSync(body, { level: 9 }) : null;
      return gzipped;
    },
  };
}
