import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine/Engine.js';
import { NativeWriter } from '../src/native/NativeWriter.js';
import type { InsertTarget } from '../src/schema/InsertTarget.js';
import { openEngine, temporaryDirectory, textsIn } from './support.js';

/** Some hours of work for one processor. */
const ENDLESS = 'SELECT toString(sum(sipHash64(number))) AS text FROM numbers(1000000000000)';
const ONE = "SELECT 'one' AS text";
const TABLE: InsertTarget = { table: 'texts', columns: 'text', structure: 'text String' };

function block(text: string): Uint8Array {
  const writer = new NativeWriter();
  writer.block(1, 1);
  writer.column('text', 'String');
  writer.string(text);
  return writer.written();
}

async function withTexts(directory?: string) {
  const engine = openEngine(directory);
  await engine.command('CREATE TABLE texts (text String) ENGINE = MergeTree ORDER BY text');
  return engine;
}

/** Statements that run. One that has ended may be listed, as cancelled, until its session has another. */
async function running(engine: Engine): Promise<string[]> {
  const others = "query LIKE '%sipHash64%' AND query NOT LIKE '%system.processes%' AND NOT is_cancelled";
  return textsIn(await engine.query(`SELECT query AS text FROM system.processes WHERE ${others}`), 'text');
}

describe('the embedded engine', () => {
  it('ends a query whose time is up, and goes on', async () => {
    const engine = openEngine();
    await expect(engine.query(ENDLESS, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
    });
    expect(textsIn(await engine.query(ONE, { timeoutMs: 2000 }), 'text')).toEqual(['one']);
    await expect.poll(() => running(engine), { timeout: 60_000 }).toEqual([]);
  });

  it('ends what had not begun when its time was up', async () => {
    const engine = openEngine();
    // Of so little time nothing is begun, or everything, as the machine likes.
    const late = Array.from({ length: 12 }, (_, n) =>
      expect(engine.query(ENDLESS, { timeoutMs: n % 4 })).rejects.toMatchObject({ code: 'timeout' }),
    );
    await Promise.all(late);
    await expect.poll(() => running(engine), { timeout: 60_000 }).toEqual([]);
    expect(textsIn(await engine.query(ONE), 'text')).toEqual(['one']);
  });

  it('ends the waiting too when the time is up', async () => {
    const engine = openEngine();
    const busy = [1, 2].map(() =>
      expect(engine.query(ENDLESS, { timeoutMs: 6000 })).rejects.toMatchObject({ code: 'timeout' }),
    );
    const began = performance.now();
    await expect(engine.query(ONE, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - began).toBeLessThan(4000);
    await Promise.all(busy);
    expect(textsIn(await engine.query(ONE), 'text')).toEqual(['one']);
  });

  it('rejects an insert that finds the engine stalled, and takes the next one when it is not', async () => {
    const engine = await withTexts();
    const stall = engine.command('SELECT sleep(2) FORMAT Null');
    const given = block('given up');
    await expect(engine.insert(TABLE, given, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
    });
    await stall;
    await engine.insert(TABLE, block('stored'));
    expect(textsIn(await engine.query('SELECT text FROM texts'), 'text')).toEqual(['stored']);
  });

  it('recovers when the file system does', async () => {
    const directory = temporaryDirectory();
    const engine = await withTexts(directory);
    const incoming = join(directory, 'incoming');
    rmSync(incoming, { recursive: true });
    writeFileSync(incoming, 'in the way');
    await expect(engine.insert(TABLE, block('a'))).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    rmSync(incoming);
    mkdirSync(incoming);
    await engine.insert(TABLE, block('b'));
    expect(textsIn(await engine.query('SELECT text FROM texts'), 'text')).toEqual(['b']);
  });

  it('leaves no blocks behind, whether stored or refused', async () => {
    const directory = temporaryDirectory();
    const engine = await withTexts(directory);
    await engine.insert(TABLE, block('a'));
    await expect(engine.insert(TABLE, new Uint8Array([1, 1, 9, 9]))).rejects.toMatchObject({
      name: 'StorageError',
    });
    await expect(engine.insert({ ...TABLE, table: 'missing' }, block('a'))).rejects.toMatchObject({
      code: 'internal',
    });
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  it('says what the engine said, with its cause', async () => {
    const engine = openEngine();
    const error = await engine.query('SELECT nonsense').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StorageError', code: 'internal', cause: expect.any(Error) });
    expect((error as Error).message).toMatch(/^Could not read from \/.*nonsense/);
    expect((error as Error).message).not.toContain('\n');
  });

  it('closes within a moment though queries run, and rejects them', async () => {
    const engine = openEngine();
    const running = [1, 2, 3].map(() =>
      expect(engine.query(ENDLESS)).rejects.toMatchObject({ code: 'closed' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    await engine.close();
    await Promise.all(running);
    expect(performance.now() - began).toBeLessThan(5000);
    await expect(engine.query(ONE)).rejects.toMatchObject({ code: 'closed' });
    await expect(engine.insert(TABLE, block('a'))).rejects.toMatchObject({ code: 'closed' });
  });

  it('clears what a killed process left on its way in', async () => {
    const directory = temporaryDirectory();
    await openEngine(directory).close();
    const leftover = join(directory, 'incoming', 'upshot-1-1.native');
    writeFileSync(leftover, 'half a block');
    openEngine(directory);
    expect(existsSync(leftover)).toBe(false);
  });

  it('keeps its directory from others', () => {
    const directory = join(temporaryDirectory(), 'deep', 'within');
    openEngine(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('keeps no log tables', async () => {
    const engine = openEngine();
    const tables = await engine.query(
      "SELECT name AS text FROM system.tables WHERE name LIKE '%_log' AND database = 'system'",
    );
    expect(textsIn(tables, 'text')).toEqual([]);
  });
});
