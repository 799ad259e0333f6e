import { describe, expect, it, onTestFinished } from 'vitest';
import type { Asker } from '../../src/ask/Asker.js';
import { type Listener, LiveAnswers } from '../../src/live/LiveAnswers.js';

const question = () => ({
  kind: 'workflow' as const,
  key: 'k',
  format: 'json' as const,
  page: { limit: 1, cursor: null },
  nowUnixNano: 0n,
});

/** Live answers over a store that says what the test wants it to. */
function liveAnswers(limit = 10) {
  const state = { text: 'a', writes: 0, asked: 0 };
  const asker = {
    ask: async () => {
      state.asked++;
      return new TextEncoder().encode(state.text);
    },
  } as unknown as Asker;
  const live = new LiveAnswers({ asker, writes: () => state.writes, intervalMs: 10, quietMs: 60_000, limit });
  onTestFinished(() => live.close());
  return { live, state };
}

function listener(): Listener & { readonly heard: string[]; isEnded: boolean } {
  const heard: string[] = [];
  return {
    heard,
    isEnded: false,
    changed: (body) => heard.push(new TextDecoder().decode(body)),
    ended() {
      this.isEnded = true;
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 80));

describe('LiveAnswers', () => {
  it('tells what changed, and nothing where an answer is the same', async () => {
    const { live, state } = liveAnswers();
    const one = listener();
    await live.watch('k', question, one);
    state.writes++;
    await pause();
    expect(one.heard).toEqual(['a']);
    state.text = 'b';
    state.writes++;
    await pause();
    expect(one.heard).toEqual(['a', 'b']);
  });

  it('asks nothing while nothing is written', async () => {
    const { live, state } = liveAnswers();
    await live.watch('k', question, listener());
    await pause();
    expect(state.asked).toBe(1);
  });

  it('asks once for all who look at the same', async () => {
    const { live, state } = liveAnswers();
    const all = [listener(), listener(), listener()];
    for (const one of all) await live.watch('k', question, one);
    const asked = state.asked;
    state.text = 'b';
    state.writes++;
    await pause();
    expect(state.asked).toBe(asked + 1);
    for (const one of all) expect(one.heard).toEqual(['a', 'b']);
  });

  it('has a limit, and room again for who comes after one that left', async () => {
    const { live } = liveAnswers(1);
    const leave = await live.watch('k', question, listener());
    await expect(live.watch('k', question, listener())).rejects.toThrow('Too many live views');
    leave!();
    expect(live.open).toBe(0);
    await expect(live.watch('k', question, listener())).resolves.toBeTypeOf('function');
  });

  it('ends every stream when it closes', async () => {
    const { live } = liveAnswers();
    const one = listener();
    await live.watch('k', question, one);
    live.close();
    expect(one.isEnded).toBe(true);
    await expect(live.watch('k', question, listener())).rejects.toThrow('shutting down');
  });
});
