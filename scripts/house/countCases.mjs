import { readCases } from './readCases.mjs';

const BETWEEN = /(<!-- counts:[^\n]*-->\n)[\s\S]*?(\n<!-- \/counts -->)/;

/**
 * The page `cases/README.md` with its table of counts as it should be.
 * @param {string} root of the repository
 * @param {string} page as it is
 * @returns {string}
 */
export function withCounts(root, page) {
  if (!BETWEEN.test(page))
    throw new Error('cases/README.md has no place between <!-- counts: … --> and <!-- /counts -->');
  const cases = readCases(root);
  const of = (/** @type {string} */ provenance) =>
    cases.filter((one) => one.provenance === provenance).length;
  const table = [
    '| provenance | cases |',
    '|---|---|',
    `| recorded | ${of('recorded')} |`,
    `| transcribed | ${of('transcribed')} |`,
    `| all | ${cases.length} |`,
  ];
  return page.replace(BETWEEN, `$1${table.join('\n')}$2`);
}
