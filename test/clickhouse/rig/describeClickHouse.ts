import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe } from 'vitest';
import { ClickHouseCluster } from './ClickHouseCluster.js';
import { chdbLibrary, PYTHON } from './ClickHouseNode.js';

const missing = whatIsMissing();

/**
 * Tests over real ClickHouse servers of their own, which run while these tests do. On a machine that can't start them they are skipped, and their name says
 * why; in CI they fail.
 */
export function describeClickHouse(
  name: string,
  shards: number,
  tests: (cluster: () => ClickHouseCluster) => void,
): void {
  const isCi = process.env.CI !== undefined;
  describe.skipIf(missing !== null && !isCi)(missing === null ? name : `${name} (${missing})`, () => {
    let cluster: ClickHouseCluster;
    beforeAll(async () => {
      if (missing !== null) throw new Error(missing);
      cluster = await ClickHouseCluster.start(shards);
    });
    afterAll(() => cluster?.stop());
    tests(() => cluster);
  });
}

function whatIsMissing(): string | null {
  try {
    chdbLibrary();
  } catch {
    return `no ClickHouse for ${process.platform} ${process.arch}`;
  }
  try {
    execFileSync(PYTHON, ['-c', 'import ctypes'], { stdio: 'ignore' });
    return null;
  } catch {
    return `no ${PYTHON}: apt-get install python3`;
  }
}
