import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readCases } from './support/Case.js';
import { Upshot } from './support/Upshot.js';

const UPSHOT = resolve(import.meta.dirname, '../../packages/cli/bin/upshot.js');
const run = promisify(execFile);

async function upshot(...words: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [UPSHOT, ...words]);
  return stdout;
}

const WITH_TEXT = readCases().filter(({ asks }) => asks.some(({ text }) => text !== undefined));

// A process for each question is slow: the cases that say what the page must hold are enough.
it.each(WITH_TEXT.map((one) => [one.name, one] as const))('upshot show: %s', async (_, one) => {
  const server = await Upshot.with(one);
  try {
    for (const { key, text } of one.asks) {
      if (text === undefined) continue;
      const page = await upshot('show', key, '--url', server.url, '--width', '100');
      // Plain in a pipe: no control character but line feeds.
      expect(page).toMatch(/^[^\u0000-\u0009\u000b-\u001f\u007f]+$/);
      for (const line of page.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
      for (const part of text) expect(page.replace(/\s+/g, ' ')).toContain(part);
      const json = await upshot('show', key, '--json', '--url', server.url);
      expect(JSON.parse(json)).toEqual(await server.workflow(key));
    }
  } finally {
    await server.close();
  }
});
