import { StorageError } from '@upshot/storage';
import { readBlocks } from '../../native/NativeBlock.js';
import { textOf } from '../../native/NativeReader.js';
import { stringLiteral } from '../../sql/literals.js';
import type { Statement } from './Endpoint.js';
import { readOnlyError } from './openError.js';
import { describeLocation, type ServerLocation } from './ServerLocation.js';

/**
 * The oldest ClickHouse that Upshot works with: the long-term release of March 2025. Settings that came later are left out where a server lacks them;
 * what older ones lack is named in the error.
 */
export const OLDEST_VERSION = '25.3';

/** What a user needs: to make and change tables, to store, read and throw away. */
const RIGHTS = [
  'SELECT',
  'INSERT',
  'CREATE TABLE',
  'DROP TABLE',
  'ALTER ADD COLUMN',
  'ALTER MODIFY COLUMN',
  'ALTER DELETE',
  'TRUNCATE',
];
/** To ask other nodes about themselves, beside what the tables over all shards do. */
const CLUSTER_RIGHTS = ['REMOTE', 'CREATE TEMPORARY TABLE'];

/** Runs a statement and answers its rows in `Native`. */
export type Ask = (sql: string, settings?: Statement['settings']) => Promise<Uint8Array>;

/** Values of one String column, in order. */
export function textsOf(answer: Uint8Array, column = 'text'): string[] {
  return readBlocks(answer).flatMap((block) => {
    const { starts, ends } = block.strings(column);
    return Array.from({ length: block.rows }, (_, row) =>
      textOf(block.answer.subarray(starts[row]!, ends[row]!)),
    );
  });
}

/** Rejects with `misused` where the server is older than the oldest one. */
export async function checkVersion(
  ask: Ask,
  location: ServerLocation,
  oldest = OLDEST_VERSION,
): Promise<void> {
  const version = textsOf(await ask('SELECT version() AS text'))[0] ?? '';
  if (isOlder(version, oldest)) {
    throw new StorageError(
      'misused',
      `${describeLocation(location)} is ClickHouse ${version}, and Upshot needs ${oldest} or newer.`,
    );
  }
}

export async function databaseExists(ask: Ask, { database }: ServerLocation): Promise<boolean> {
  const sql = `SELECT name AS text FROM system.databases WHERE name = ${stringLiteral(database)}`;
  return textsOf(await ask(sql)).length > 0;
}

/** Rejects with `denied`, naming what to grant, where the user may not do all that is needed. */
export async function checkRights(ask: Ask, location: ServerLocation): Promise<void> {
  if (textsOf(await ask("SELECT toString(getSetting('readonly')) AS text"))[0] !== '0')
    throw readOnlyError(location);
  const { database, cluster } = location;
  const needed = [
    { rights: RIGHTS, on: `${database}.*` },
    { rights: cluster === null ? [] : CLUSTER_RIGHTS, on: '*.*' },
  ];
  const missing: string[] = [];
  for (const { rights, on } of needed) {
    if (rights.length === 0 || (await isGranted(ask, rights.join(', '), on))) continue;
    for (const right of rights) if (!(await isGranted(ask, right, on))) missing.push(`${right} ON ${on}`);
  }
  if (missing.length > 0) {
    throw new StorageError(
      'denied',
      `The user of ${describeLocation(location)} lacks rights that Upshot needs: GRANT ${missing.join(', ')}.`,
    );
  }
}

/** The names of all settings that the server knows. */
export async function settingNames(ask: Ask): Promise<ReadonlySet<string>> {
  return new Set(textsOf(await ask('SELECT name AS text FROM system.settings')));
}

async function isGranted(ask: Ask, rights: string, on: string): Promise<boolean> {
  const block = readBlocks(await ask(`CHECK GRANT ${rights} ON ${on}`))[0];
  return block !== undefined && block.fixed('result')[0] === 1;
}

function isOlder(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split('.').map(Number));
  const at = b!.findIndex((part, i) => (a![i] ?? 0) !== part);
  return at >= 0 && !((a![at] ?? 0) > b![at]!);
}
