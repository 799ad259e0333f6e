import { readFileSync } from 'node:fs';
import { parseSync } from 'vite';

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {boolean} typeOnly whether nothing of it remains at run time
 */

/**
 * @typedef {object} Source
 * @property {Import[]} imports
 * @property {string[]} impure what a pure module must not use
 * @property {number} lines
 */

/** @typedef {{ type: string, [key: string]: unknown }} Node of ESTree, as oxc builds it */

const IMPURE_GLOBALS = new Set([
  'process',
  'Buffer',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
]);
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues']);

/** @type {Map<string, Source>} */
const read = new Map();

/**
 * What a file of JavaScript or TypeScript imports, uses and measures. Parsed once.
 * @param {string} file
 * @returns {Source}
 */
export function readSource(file) {
  const known = read.get(file) ?? parsed(file);
  read.set(file, known);
  return known;
}

/**
 * @param {string} file
 * @returns {Source}
 */
function parsed(file) {
  const text = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  /** @type {Import[]} */
  const imports = [];
  /** @type {Set<string>} */
  const impure = new Set();
  walk(/** @type {unknown} */ (program), (node) => {
    const specifier = specifierOf(node);
    if (specifier !== null) imports.push({ specifier, typeOnly: isTypeOnly(node) });
    const impurity = impurityOf(node);
    if (impurity !== null) impure.add(impurity);
  });
  return { imports, impure: [...impure], lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) };
}

/**
 * @param {unknown} value
 * @param {(node: Node) => void} visit
 */
function walk(value, visit) {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, visit);
  } else if (value !== null && typeof value === 'object') {
    if ('type' in value && typeof value.type === 'string') visit(/** @type {Node} */ (value));
    for (const one of Object.values(value)) walk(one, visit);
  }
}

/** Every form that leads to another module: import, export from, import(), import types, require(). @param {Node} node */
function specifierOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node.source);
    case 'TSExternalModuleReference':
      return literal(node.expression);
    case 'CallExpression':
      return identifier(node.callee) === 'require'
        ? literal(/** @type {unknown[]} */ (node.arguments)[0])
        : null;
    default:
      return null;
  }
}

/** @param {Node} node */
function isTypeOnly(node) {
  return node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
}

/** @param {Node} node */
function impurityOf(node) {
  switch (node.type) {
    case 'AwaitExpression':
      return 'await';
    case 'CallExpression': {
      const name = identifier(node.callee);
      return name !== null && IMPURE_GLOBALS.has(name) ? name : null;
    }
    case 'NewExpression': {
      const clock =
        identifier(node.callee) === 'Date' && /** @type {unknown[]} */ (node.arguments).length === 0;
      return clock ? 'new Date()' : null;
    }
    case 'MemberExpression': {
      const object = identifier(node.object);
      if (object === null) return null;
      if (IMPURE_GLOBALS.has(object)) return object;
      const member = `${object}.${identifier(node.property)}`;
      return IMPURE_MEMBERS.has(member) ? member : null;
    }
    default:
      return null;
  }
}

/** @param {unknown} node */
function literal(node) {
  if (node === null || typeof node !== 'object' || !('value' in node)) return null;
  return typeof node.value === 'string' ? node.value : null;
}

/** @param {unknown} node */
function identifier(node) {
  if (node === null || typeof node !== 'object' || !('type' in node) || node.type !== 'Identifier')
    return null;
  return 'name' in node && typeof node.name === 'string' ? node.name : null;
}
