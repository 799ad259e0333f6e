import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { forbidden, PURE } from './floors.mjs';
import { readManifest, readPackages, sourceFiles } from './readPackages.mjs';
import { readSource } from './readSource.mjs';

/** @import { Manifest, Package } from './readPackages.mjs' */
/** @import { Import } from './readSource.mjs' */

const LONGEST = 350;
/** Names that say nothing of what a file holds. */
const NAMELESS =
  /^(?:utils?|helpers?|common|managers?|misc)$|(?:Utils?|Helpers?|Managers?)$|-(?:utils?|helpers?|managers?)$/;

/**
 * What is wrong with the house, one line per fault; none where all is well.
 * @param {string} root of the repository
 * @returns {string[]}
 */
export function faults(root) {
  const packages = readPackages(root);
  const atRoot = readManifest(root);
  /** @type {string[]} */
  const found = [];
  for (const one of packages) {
    for (const file of one.sources) {
      const source = readSource(file);
      const say = sayer(found, root, file);
      for (const imported of source.imports) {
        checkImport(one, file, imported, packages, say);
        checkDeclared(one, imported, say);
      }
      const allowed = PURE.get(one.folder);
      for (const impurity of allowed ? source.impure : []) {
        if (!allowed?.includes(impurity))
          say(`uses ${impurity}: ${one.folder} is pure, what it needs is handed in`);
      }
    }
    for (const file of one.tests) {
      const say = sayer(found, root, file);
      for (const imported of readSource(file).imports) {
        checkInside(one, file, imported.specifier, packages, say);
        checkDeclaredForTest(one, imported, atRoot, packages, say);
      }
    }
  }
  const others = ['scripts', 'test', 'bench', 'cases'].flatMap((folder) => sourceFiles(join(root, folder)));
  for (const file of [...packages.flatMap(({ sources, tests }) => [...sources, ...tests]), ...others]) {
    checkFile(root, file, sayer(found, root, file));
  }
  return found.sort();
}

/**
 * @param {string[]} found
 * @param {string} root
 * @param {string} file
 * @returns {(fault: string) => void}
 */
function sayer(found, root, file) {
  const where = relative(root, file);
  return (fault) => {
    const line = `${where}: ${fault}`;
    if (!found.includes(line)) found.push(line);
  };
}

/**
 * @param {Package} from
 * @param {string} file
 * @param {Import} imported
 * @param {Package[]} packages
 * @param {(fault: string) => void} say
 */
function checkImport(from, file, { specifier }, packages, say) {
  if (isBuiltin(specifier)) {
    if (PURE.has(from.folder)) say(`imports ${specifier}: ${from.folder} is pure and uses no Node built-in`);
    return;
  }
  checkInside(from, file, specifier, packages, say);
  const to = packages.find(({ manifest }) => manifest.name === packageName(specifier));
  if (!to || to === from) return;
  const reason = forbidden(from.folder, to.folder);
  if (reason !== null) say(reason);
}

/**
 * Other packages are reached through what they export, never through their folders.
 * @param {Package} from
 * @param {string} file
 * @param {string} specifier
 * @param {Package[]} packages
 * @param {(fault: string) => void} say
 */
function checkInside(from, file, specifier, packages, say) {
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(file), specifier);
    const inOther = packages.find((one) => one !== from && target.startsWith(one.path + sep));
    if (inOther) say(`reaches into ${inOther.folder} by its path: import ${inOther.manifest.name}`);
    return;
  }
  const to = packages.find(({ manifest }) => manifest.name === packageName(specifier));
  if (!to) return;
  const entry = `.${specifier.slice(to.manifest.name.length)}`;
  if (!(entry in (to.manifest.exports ?? {})))
    say(`imports ${specifier}, which ${to.manifest.name} does not export`);
}

/**
 * What is shipped declares what it needs at run time; types may come from a development dependency.
 * @param {Package} from
 * @param {Import} imported
 * @param {(fault: string) => void} say
 */
function checkDeclared(from, { specifier, typeOnly }, say) {
  const name = packageName(specifier);
  if (name === null || name === from.manifest.name) return;
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = from.manifest;
  const declared = {
    ...dependencies,
    ...peerDependencies,
    ...optionalDependencies,
    ...(typeOnly ? devDependencies : {}),
  };
  // Types alone come from DefinitelyTyped under the name of what they describe.
  if (!(name in declared) && !(typeOnly && `@types/${name}` in declared))
    say(
      `imports ${name}, which ${from.folder.includes('/') ? '' : 'packages/'}${from.folder}/package.json does not declare`,
    );
}

/**
 * @param {Package} from
 * @param {Import} imported
 * @param {Manifest} atRoot
 * @param {Package[]} packages
 * @param {(fault: string) => void} say
 */
function checkDeclaredForTest(from, { specifier, typeOnly }, atRoot, packages, say) {
  const name = packageName(specifier);
  if (name === null || packages.some(({ manifest }) => manifest.name === name)) return;
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = from.manifest;
  const declared = {
    ...dependencies,
    ...peerDependencies,
    ...optionalDependencies,
    ...devDependencies,
    ...atRoot.devDependencies,
  };
  if (!(name in declared) && !(typeOnly && `@types/${name}` in declared))
    say(`imports ${name}, which neither its package nor the repository declares`);
}

/**
 * The package that a specifier names; null for a path and for a Node built-in.
 * @param {string} specifier
 */
function packageName(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('/') || isBuiltin(specifier)) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * @param {string} root
 * @param {string} file
 * @param {(fault: string) => void} say
 */
function checkFile(root, file, say) {
  const parts = relative(root, file).split(sep);
  for (const part of [...parts.slice(0, -1), basename(file).replace(/\..*$/, '')]) {
    if (NAMELESS.test(part)) say(`the name ${part} says nothing: name it after what it holds`);
  }
  const { lines } = readSource(file);
  if (lines > LONGEST) say(`${lines} lines: more than ${LONGEST}, take it apart`);
}
