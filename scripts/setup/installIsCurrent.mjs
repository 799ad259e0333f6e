import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} Locked */

/**
 * Whether node_modules holds what package-lock.json names: every package at its version, optional ones (other platforms') aside.
 * Compared by content, not by age: a checkout touches files without changing them.
 * @param {string} root of the repository
 * @returns {boolean}
 */
export function installIsCurrent(root) {
  const wanted = packages(join(root, 'package-lock.json'));
  // npm writes this file last, so an install that was cut short has none.
  const installed = packages(join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    // Workspaces (and their root, '') are folders of the repository; only their links are installed.
    if (!path.includes('node_modules/')) return true;
    const there = installed[path];
    if (!there) return optional === true;
    return link === true ? there.link === true : there.version === version;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, Locked> | null}
 */
function packages(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
