import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installIsCurrent } from './installIsCurrent.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The oldest Node that the toolchain runs on; `engines` in package.json says the same. */
const OLDEST_NODE = '20.19';

/**
 * Does what is still missing before anything can run: installs exactly what package-lock.json names, and builds. Quick where there is
 * nothing to do. Uses nothing but Node's own modules, for it runs before any other is there. Ends the process with one
 * clear line where it can't go on.
 */
export function setUp() {
  if (!newEnough(process.versions.node, OLDEST_NODE)) {
    fail(`Upshot needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.`);
  }
  if (!installIsCurrent(ROOT))
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'Installing what package-lock.json names');
  npm(['run', '--silent', 'build'], 'Building');
}

/**
 * @param {string} version
 * @param {string} oldest
 */
function newEnough(version, oldest) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * @param {string[]} args
 * @param {string} what
 */
function npm(args, what) {
  console.error(`${what} …`);
  // What npm says belongs on standard error: standard output is for what the caller was asked for.
  const { status, error } = spawnSync('npm', args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(2);
}
