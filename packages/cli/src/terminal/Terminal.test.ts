import { describe, expect, it } from 'vitest';
import { processTerminal } from './Terminal.js';

type Streams = Parameters<typeof processTerminal>[0];

function terminalOf(isTTY: boolean, env: NodeJS.ProcessEnv, columns?: number) {
  const stream = { isTTY, columns, write: () => true };
  return processTerminal({ stdout: stream, stderr: stream, env } as unknown as Streams);
}

describe('processTerminal', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ])('shows colours where somebody looks and wishes them: %s %j', (isTTY, env, color) => {
    expect(terminalOf(isTTY, env).color).toBe(color);
  });

  it('is as wide as the terminal, or 80 columns', () => {
    expect(terminalOf(true, {}, 132).columns).toBe(132);
    expect(terminalOf(true, {}).columns).toBe(80);
    expect(terminalOf(false, {}, 132).columns).toBe(80);
    expect([terminalOf(true, {}).interactive, terminalOf(false, {}).interactive]).toEqual([true, false]);
  });
});
