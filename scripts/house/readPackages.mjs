import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * @typedef {object} Package
 * @property {string} folder its name under `packages`; `examples/…` for an example
 * @property {string} path absolute
 * @property {Manifest} manifest
 * @property {string[]} sources absolute paths of what is shipped: `src`, without tests
 * @property {string[]} tests absolute paths of `test` and of `*.test.ts` in `src`
 */

const SOURCE = /\.(?:[cm]?[jt]s|tsx)$/;
const TEST = /\.test\.[cm]?[jt]sx?$/;

/**
 * @param {string} root of the repository
 * @returns {Package[]}
 */
export function readPackages(root) {
  return ['packages', 'examples'].flatMap((kind) => {
    const parent = join(root, kind);
    const folders = existsSync(parent) ? readdirSync(parent).sort() : [];
    return folders
      .filter((folder) => existsSync(join(parent, folder, 'package.json')))
      .map((folder) => readPackage(join(parent, folder), kind === 'packages' ? folder : `${kind}/${folder}`));
  });
}

/**
 * @param {string} path
 * @param {string} folder
 * @returns {Package}
 */
function readPackage(path, folder) {
  const src = sourceFiles(join(path, 'src'));
  return {
    folder,
    path,
    manifest: readManifest(path),
    sources: src.filter((file) => !TEST.test(file)),
    tests: [...src.filter((file) => TEST.test(file)), ...sourceFiles(join(path, 'test'))],
  };
}

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * All hand-written code below a folder; nothing where there is no such folder.
 * @param {string} folder
 * @returns {string[]}
 */
export function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory())
        return name === 'node_modules' || name === 'dist' ? [] : sourceFiles(path);
      return SOURCE.test(name) && !/\.generated\./.test(name) ? [path] : [];
    });
}
