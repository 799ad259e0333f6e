import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type Case, readCases } from './support/Case.js';
import { Upshot } from './support/Upshot.js';

const UPSHOT = resolve(import.meta.dirname, '../../packages/cli/bin/upshot.js');
const run = promisify(execFile);

async function show(key: string, server: Upshot, ...options: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [UPSHOT, 'show', key, '--url', server.url, ...options]);
  return stdout;
}

async function withServer(one: Case, test: (server: Upshot) => Promise<void>): Promise<void> {
  const server = await Upshot.with(one);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

// A process for each question is slow: the cases that say what the page must hold are enough.
const withText = readCases().filter(({ asks }) => asks.some(({ text }) => text !== undefined));

it.each(withText.map((one) => [one.name, one] as const))('upshot show: %s', (_, one) =>
  withServer(one, async (server) => {
    for (const { key, text } of one.asks) {
      if (text === undefined) continue;
      const page = await show(key, server, '--width', '100');
      // Plain in a pipe: no control character but line feeds.
      expect(page).toMatch(/^[^\u0000-\u0009\u000b-\u001f\u007f]+$/);
      for (const line of page.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
      for (const part of text) expect(page.replace(/\s+/g, ' ')).toContain(part);
    }
  }),
);

it('upshot show --json is what the API answers', () =>
  withServer(withText[0]!, async (server) => {
    const { key } = withText[0]!.asks[0]!;
    expect(JSON.parse(await show(key, server, '--json'))).toEqual(await server.workflow(key));
  }));
