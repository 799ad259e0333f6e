/** The last part of `npm run build`: bundles the web interface into packages/web/dist/site, unless it is there already for these very sources. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB = join(ROOT, 'packages/web');
const MARK = join(WEB, 'dist/site/.built-from');
/** All that can change the bundle: the page, the packages whose words it uses, and what is installed. */
const INPUTS = [
  'packages/web/src',
  'packages/web/public',
  'packages/web/index.html',
  'packages/web/vite.config.ts',
  'packages/web/package.json',
  'packages/text/src',
  'packages/model/src',
  'package-lock.json',
];

const hash = createHash('sha256');
for (const input of INPUTS) addTo(join(ROOT, input));
const inputs = hash.digest('hex');

if (!existsSync(MARK) || readFileSync(MARK, 'utf8') !== inputs) {
  await build({ root: WEB, configFile: join(WEB, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(MARK, inputs);
}

/** @param {string} path */
function addTo(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) if (!/\.test\.ts$/.test(name)) addTo(join(path, name));
  } else {
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
}
