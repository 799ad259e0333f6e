import { StorageError } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { readBlocks } from '../native/NativeBlock.js';
import { countLiteral } from '../sql/literals.js';
import { MIGRATIONS, SCHEMA_VERSION, TABLES, VERSION_TABLE } from './migrations.js';

/** Makes the tables where there are none, and brings older ones to the present version. */
export async function migrate(engine: Engine): Promise<void> {
  await engine.command(VERSION_TABLE);
  const found = await versionOf(engine);
  if (found !== null && found > SCHEMA_VERSION) {
    throw new StorageError(
      'schema-too-new',
      `The ${engine.description} was written by a newer Upshot (schema ${found}; this one knows ${SCHEMA_VERSION}). Start that Upshot, or use another store.`,
    );
  }
  if (found === null) {
    for (const table of TABLES) await engine.command(table);
    await note(engine, SCHEMA_VERSION);
    return;
  }
  for (let version = found; version < SCHEMA_VERSION; version++) {
    const statements = MIGRATIONS[version];
    if (!statements)
      throw new StorageError('internal', `No way leads from schema ${version} to ${version + 1}.`);
    for (const statement of statements) await engine.command(statement);
    await note(engine, version + 1);
  }
}

async function versionOf(engine: Engine): Promise<number | null> {
  const answer = await engine.query(
    'SELECT toUInt64(max(version)) AS version, count() AS noted FROM schema_versions',
  );
  const block = readBlocks(answer)[0];
  return block === undefined || block.count('noted', 0) === 0 ? null : block.count('version', 0);
}

function note(engine: Engine, version: number): Promise<void> {
  return engine.command(`INSERT INTO schema_versions (version) VALUES (${countLiteral(version)})`);
}
