/**
 * The house: which package stands on which floor. A package imports from floors strictly below its own.
 * @type {Readonly<Record<string, number>>}
 */
export const FLOORS = {
  brokers: 0,
  conventions: 0,
  'conventions-file': 1,
  model: 1,
  causality: 2,
  storage: 2,
  'api-contract': 2,
  text: 2,
  'storage-clickhouse': 3,
  'storage-memory': 3,
  receiver: 3,
  knowledge: 3,
  server: 4,
  web: 5,
  cli: 5,
  testkit: 5,
};

/** The highest floor: the only one that may look into the tower. */
const FACES = 5;

/**
 * Packages that run anywhere and depend on nothing but their input: no Node built-in, no clock, no chance, no waiting. With what each
 * may use all the same: `model` holds the hot path of ingest, which copies bytes by `Buffer`, and seeds its hash tables by chance,
 * so that no sender can choose texts that collide; neither shows in any answer.
 * @type {ReadonlyMap<string, readonly string[]>}
 */
export const PURE = new Map([
  ['conventions', []],
  ['model', ['Buffer', 'Math.random']],
  ['causality', []],
  ['text', []],
  ['knowledge', []],
]);

/**
 * Why a package may not import another one; null where it may. Both are folder names under `packages`.
 * The tower (`sdk`, `sdk-node`, `sdk-*`) runs inside other people's services: it leans on `conventions` and on itself alone.
 * An example is what users write, and may have a broker started for it.
 * @param {string} from
 * @param {string} to
 * @returns {string | null}
 */
export function forbidden(from, to) {
  if (isExample(from))
    return isTower(to) || to === 'brokers'
      ? null
      : `${from} is what users write: it may import the tower and brokers alone, not ${to}`;
  if (isTower(from)) {
    const allowed = from === 'sdk' ? ['conventions'] : ['conventions', 'sdk'];
    if (from === 'sdk-node') allowed.push('conventions-file');
    else if (from !== 'sdk') allowed.push('sdk-node');
    return allowed.includes(to)
      ? null
      : `the tower's ${from} may import ${allowed.join(', ')} alone, not ${to}`;
  }
  const [above, below] = [FLOORS[from], FLOORS[to]];
  if (above === undefined)
    return `package ${from} stands on no floor: give it one in scripts/house/floors.mjs`;
  if (isExample(to))
    return above === FACES ? null : `${from} (floor ${above}) may not import an example (${to})`;
  if (isTower(to))
    return above === FACES ? null : `${from} (floor ${above}) may not look into the tower (${to})`;
  if (below === undefined) return `package ${to} stands on no floor: give it one in scripts/house/floors.mjs`;
  if (below < above) return null;
  return `${from} (floor ${above}) may not import ${to} (floor ${below}): imports go strictly down`;
}

/** @param {string} name */
function isExample(name) {
  return name.startsWith('examples/');
}

/** @param {string} name */
function isTower(name) {
  return name === 'sdk' || name.startsWith('sdk-');
}
