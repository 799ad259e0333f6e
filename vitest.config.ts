import { defineConfig } from 'vitest/config';

// Packages resolve to their TypeScript sources under the condition `source`, so that tests need no build.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: [
      'examples/*/test/**/*.test.ts',
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    pool: 'forks',
    // Many files wait for brokers and servers of their own most of their time: two at once keep two cores busy, where one alone would be Vitest's choice.
    maxWorkers: 2,
    // They prove nothing, and end what hangs: a test may start some twenty processes on a machine that has other work too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // So does this: Vitest's own second is over before a busy machine has started a thread.
    expect: { poll: { timeout: 20_000 } },
  },
});
