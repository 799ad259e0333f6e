import { attributeHash } from '@upshot/model';
import { spanBatch, spanRows } from '@upshot/storage/contract-kit';
import { describe, expect, it } from 'vitest';
import { openChdbStore } from '../src/openChdbStore.js';
import { MIGRATIONS, SCHEMA_VERSION } from '../src/schema/migrations.js';
import { fillVersion0, VERSION_0 } from './schemas/version0.js';
import { fillVersion1, VERSION_1 } from './schemas/version1.js';
import { fillVersion2, VERSION_2 } from './schemas/version2.js';
import { fillVersion3, VERSION_3 } from './schemas/version3.js';
import { openEngine, temporaryDirectory, textsIn } from './support.js';

const trace = (n: number) => n.toString(16).padStart(32, '0');
const span = (n: number) => n.toString(16).padStart(16, '0');

/** A directory as an Upshot of an older schema version left it. */
async function left(statements: readonly string[]): Promise<string> {
  const directory = temporaryDirectory();
  const engine = openEngine(directory);
  for (const statement of statements) await engine.command(statement);
  await engine.close();
  return directory;
}

const version0 = () => left([...VERSION_0, ...fillVersion0()]);
const version1 = () => left([...VERSION_1, ...fillVersion1()]);
const version2 = () => left([...VERSION_2, ...fillVersion2()]);
const version3 = () => left([...VERSION_3, ...fillVersion3()]);

/** Columns, indexes and settings of the tables, as the engine tells them. */
async function schemaOf(directory: string): Promise<string[]> {
  const engine = openEngine(directory);
  const texts = textsIn(
    await engine.query(
      "SELECT create_table_query AS text FROM system.tables WHERE name IN ('spans', 'records', 'logs', 'roll_ups', 'tallies', 'documents') ORDER BY name",
    ),
    'text',
  );
  await engine.close();
  // Settings stand in the order in which they were made.
  return texts.map((text) => {
    const [table, settings] = text.split(' SETTINGS ') as [string, string];
    return `${table} SETTINGS ${settings.split(', ').sort().join(', ')}`;
  });
}

describe('a directory of schema version 0', () => {
  it('is brought to the present version with all that it holds', async () => {
    const directory = await version0();
    const store = await openChdbStore({ directory });
    expect(await store.statistics()).toMatchObject({ spans: 300, records: 100 });
    const { spans } = await store.find({ traceIds: [trace(42)], limit: 10 });
    expect(spanRows(spans).map(({ name, entry }) => [name, entry])).toEqual([
      ['span 0', 1],
      ['span 1', 0],
      ['span 2', 1],
    ]);
    const bySpan = await store.find({ spanIds: [span(42 * 3 + 2)], limit: 10 });
    expect(spanRows(bySpan.spans).map(({ name }) => name)).toEqual(['span 1']);
    const entries = await store.entries({ limit: 1000 });
    expect(entries.filter(({ eventId }) => eventId === '').length).toBe(200);
    expect(entries.filter(({ eventId }) => eventId !== '').length).toBe(100);
    await store.close();
  });

  it('has the same schema afterwards as a new one', async () => {
    const migrated = await version0();
    await (await openChdbStore({ directory: migrated })).close();
    const fresh = temporaryDirectory();
    await (await openChdbStore({ directory: fresh })).close();
    expect(await schemaOf(migrated)).toEqual(await schemaOf(fresh));
  });

  it('is migrated once more where the first time was cut short', async () => {
    const directory = await version0();
    const engine = openEngine(directory);
    for (const statement of MIGRATIONS[0]!.slice(0, -1)) await engine.command(statement);
    await engine.close();
    const store = await openChdbStore({ directory });
    expect((await store.find({ spanIds: [span(1)], limit: 10 })).spans.rows).toBe(1);
    await store.close();
  });
});

describe('a directory of schema version 1', () => {
  it('is brought to the present version with all that it holds, and takes notes', async () => {
    const store = await openChdbStore({ directory: await version1() });
    expect(await store.statistics()).toMatchObject({ spans: 81, records: 4 });
    expect((await store.find({ traceIds: [trace(7)], limit: 10 })).spans.rows).toBe(2);
    await store.putDocument('a', 'text');
    expect(await store.document('a')).toBe('text');
    expect(await store.rollUps({ limit: 1 })).toEqual([]);
    expect(await store.tallies({ kinds: ['hop'] })).toEqual([]);
    await store.close();
  });

  it('tells what came before in pages, in the order in which it started, and what comes after behind it', async () => {
    const directory = await version1();
    const store = await openChdbStore({ directory });
    await store.write({ spans: [spanBatch([{ traceId: trace(500), spanId: span(1) }])], records: [] });
    const told: string[] = [];
    const pages: number[] = [];
    let rows = 0;
    for (let mark: bigint | null = null, more = true; more; ) {
      const page = await store.arrivals(mark, 8);
      told.push(...page.arrivals.map(({ traceId, eventId }) => traceId || eventId));
      pages.push(page.arrivals.length);
      rows += page.rows;
      ({ reached: mark, more } = page);
    }
    const inTime = Array.from({ length: 40 }, (_, n) =>
      n % 10 === 0 ? [trace(n), `e${n}`] : [trace(n)],
    ).flat();
    expect(told).toEqual([trace(99), ...inTime, trace(500)]);
    expect(rows).toBe(81 + 4 + 1);
    expect(Math.max(...pages)).toBeLessThan(11);
    await store.close();
  });

  it('has the same schema afterwards as a new one', async () => {
    const migrated = await version1();
    await (await openChdbStore({ directory: migrated })).close();
    const fresh = temporaryDirectory();
    await (await openChdbStore({ directory: fresh })).close();
    expect(await schemaOf(migrated)).toEqual(await schemaOf(fresh));
  });

  it('is migrated once more where the first time was cut short anywhere', async () => {
    for (const done of [2, 3, 5, MIGRATIONS[1]!.length]) {
      const directory = await version1();
      const engine = openEngine(directory);
      for (const statement of MIGRATIONS[1]!.slice(0, done)) await engine.command(statement);
      await engine.close();
      const store = await openChdbStore({ directory });
      const { arrivals } = await store.arrivals(0n, 1000);
      expect(arrivals.length).toBe(44);
      await store.close();
    }
  });
});

describe('a directory of schema version 2', () => {
  it('is brought to the present version with all that it holds, and takes log records', async () => {
    const store = await openChdbStore({ directory: await version2() });
    expect(await store.statistics()).toMatchObject({ spans: 20, records: 0, logs: 0 });
    expect((await store.find({ traceIds: [trace(7)], limit: 10 })).spans.rows).toBe(2);
    expect(await store.document('a')).toBe('text');
    const mark = (await store.arrivals(null, 1000)).reached;
    const log = { traceId: trace(7), spanId: span(1), name: 'a line', kind: 1 };
    await store.write({ spans: [], records: [], logs: [spanBatch([log])] });
    const { logs } = await store.find({ traceIds: [trace(7)], limit: 10 });
    expect(spanRows(logs).map(({ name }) => name)).toEqual(['a line']);
    expect((await store.arrivals(mark, 10)).arrivals).toEqual([{ traceId: trace(7), eventId: '' }]);
    await store.close();
  });

  it('says of all that it holds that its keys are of the first vocabulary', async () => {
    const directory = await version2();
    await (await openChdbStore({ directory })).close();
    const engine = openEngine(directory);
    const versions = await engine.query('SELECT DISTINCT toString(vocabulary) AS text FROM spans');
    expect(textsIn(versions, 'text')).toEqual(['1']);
    await engine.close();
  });

  it('has the same schema afterwards as a new one', async () => {
    const migrated = await version2();
    await (await openChdbStore({ directory: migrated })).close();
    const fresh = temporaryDirectory();
    await (await openChdbStore({ directory: fresh })).close();
    expect(await schemaOf(migrated)).toEqual(await schemaOf(fresh));
  });

  it('is migrated once more where the first time was cut short', async () => {
    for (const done of [1, MIGRATIONS[2]!.length]) {
      const directory = await version2();
      const engine = openEngine(directory);
      for (const statement of MIGRATIONS[2]!.slice(0, done)) await engine.command(statement);
      await engine.close();
      const store = await openChdbStore({ directory });
      expect((await store.find({ traceIds: [trace(3)], limit: 10 })).spans.rows).toBe(2);
      await store.close();
    }
  });
});

describe('a directory of schema version 3', () => {
  const attributes = [attributeHash('tenant', 'gold')];

  it('has notes that may be what is looked for, until they are made anew', async () => {
    const store = await openChdbStore({ directory: await version3() });
    const found = async () => [
      (await store.rollUps({ attributes, limit: 1000 })).length,
      (await store.rollUps({ text: 'gold', limit: 1000 })).length,
      (await store.rollUps({ attributes, text: 'gold', unsure: true, limit: 1000 })).length,
    ];
    expect(await found()).toEqual([600, 600, 600]);
    const notes = await store.rollUps({ limit: 1000 });
    const sought = { texts: 'silver', attributes: Uint32Array.of(attributeHash('tenant', 'silver')) };
    const anew = (note: (typeof notes)[number]) => ({ ...note, version: 2n, sought });
    await store.writeRollUps(notes.slice(100).map(anew));
    expect(await found()).toEqual([100, 100, 100]);
    await store.writeRollUps(notes.map(anew));
    expect(await found()).toEqual([0, 0, 0]);
    expect(await store.rollUps({ text: 'silver', limit: 1000 })).toHaveLength(600);
    await store.close();
  });

  it('has the same schema afterwards as a new one', async () => {
    const migrated = await version3();
    await (await openChdbStore({ directory: migrated })).close();
    const fresh = temporaryDirectory();
    await (await openChdbStore({ directory: fresh })).close();
    expect(await schemaOf(migrated)).toEqual(await schemaOf(fresh));
  });

  it('is migrated once more where the first time was cut short', async () => {
    const directory = await version3();
    const engine = openEngine(directory);
    for (const statement of MIGRATIONS[3]!.slice(0, 3)) await engine.command(statement);
    await engine.close();
    const store = await openChdbStore({ directory });
    expect(await store.rollUps({ text: 'gold', limit: 5 })).toHaveLength(5);
    await store.close();
  });
});

describe('the version of a directory', () => {
  it('is noted at the first open, and stays', async () => {
    const directory = temporaryDirectory();
    for (let time = 0; time < 2; time++) await (await openChdbStore({ directory })).close();
    const versions = await openEngine(directory).query(
      'SELECT toString(version) AS text FROM schema_versions',
    );
    expect(textsIn(versions, 'text')).toEqual([String(SCHEMA_VERSION)]);
  });

  it('that is newer than this Upshot is refused, and left as it is', async () => {
    const directory = temporaryDirectory();
    await (await openChdbStore({ directory })).close();
    const newer = openEngine(directory);
    await newer.command(`INSERT INTO schema_versions (version) VALUES (${SCHEMA_VERSION + 1})`);
    await newer.close();
    const schema = await schemaOf(directory);
    await expect(openChdbStore({ directory })).rejects.toMatchObject({
      code: 'schema-too-new',
      retryable: false,
      message: expect.stringContaining(directory),
    });
    expect(await schemaOf(directory)).toEqual(schema);
  });

  it('has a migration from each one before', () => {
    expect(Object.keys(MIGRATIONS).map(Number)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, n) => n));
  });
});
