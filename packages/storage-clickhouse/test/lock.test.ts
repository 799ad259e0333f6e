import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceText, holderOf } from '../src/engine/chdb/lockHolder.js';
import { openChdbStore } from '../src/openChdbStore.js';
import { Child } from './processes/Child.js';
import { temporaryDirectory } from './support.js';

describe('the directory of a store', () => {
  it('is refused to a second process with one line that names it and the first', async () => {
    const directory = temporaryDirectory();
    const first = new Child('holder.mjs', directory);
    await first.printed(1);
    const second = new Child('holder.mjs', directory);
    await second.ended;
    expect(second.lines).toEqual([
      `locked: The data directory ${directory} is in use by process ${first.pid}.`,
    ]);
    expect(second.errors).toBe('');
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(first.lines).toEqual(['open', 'closed']);
  });

  it('is free as soon as the process that had it was killed', async () => {
    const directory = temporaryDirectory();
    const killed = new Child('holder.mjs', directory);
    await killed.printed(1);
    killed.kill('SIGKILL');
    await killed.ended;
    const store = await openChdbStore({ directory });
    expect(await store.statistics()).toMatchObject({ spans: 0 });
    await store.close();
  });

  it('is refused to a second user in the same process, under whatever name', async () => {
    const directory = temporaryDirectory();
    const store = await openChdbStore({ directory });
    for (const name of [directory, `${directory}/../${directory.split('/').at(-1)}`])
      await expect(openChdbStore({ directory: name })).rejects.toMatchObject({
        code: 'locked',
        message: `The data directory ${directory} is already open in this process (pid ${process.pid}).`,
      });
    await store.close();
    await (await openChdbStore({ directory })).close();
  });

  it('is the only one that a process can have', async () => {
    const directory = temporaryDirectory();
    const store = await openChdbStore({ directory });
    await expect(openChdbStore({ directory: join(directory, 'other') })).rejects.toMatchObject({
      code: 'locked',
    });
    await store.close();
  });

  it('that can not be made is said to be so', async () => {
    await expect(openChdbStore({ directory: '/dev/null/upshot' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('/dev/null/upshot'),
    });
  });
});

describe('the list of locks', () => {
  const LOCKS = `1: POSIX  ADVISORY  WRITE 11 fe:00:77 0 EOF
2: FLOCK  ADVISORY  WRITE 22 fe:00:77 0 EOF
3: FLOCK  ADVISORY  WRITE 33 08:11:77 0 EOF
`;

  it('tells who locked a file', () => {
    expect(holderOf(LOCKS, 'fe:00', 77n)).toBe(22);
    expect(holderOf(LOCKS, '08:11', 77n)).toBe(33);
    expect(holderOf(LOCKS, 'fe:00', 7n)).toBe(null);
  });

  it('names devices by major and minor number', () => {
    expect(deviceText(0xfe00n)).toBe('fe:00');
    expect(deviceText(0x10_0811n)).toBe('08:111');
    expect(deviceText(0x1n)).toBe('00:01');
  });
});
