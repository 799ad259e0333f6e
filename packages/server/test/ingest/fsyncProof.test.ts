import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const proof = fileURLToPath(new URL('../../../../bench/ingest/fsync-proof.mjs', import.meta.url));
const hasty = fileURLToPath(new URL('./fixtures/hastyServer.mjs', import.meta.url));
const CAN_TRACE = canTrace();

function canTrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function prove(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [proof, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr }),
    );
  });
}

// Needs strace, and the build: it traces the command that people run. Where it is missing in CI, the test fails.
describe.runIf(CAN_TRACE || process.env.CI !== undefined)('the answer to an export', () => {
  it('is written after all files of the part and its directory were synced', async () => {
    const { code, said } = await prove();
    expect(said).toMatch(/PROVEN: \d+ files and their directories were synced before the answer/);
    expect(code).toBe(0);
  }, 90_000);

  it('is found out where it comes too early', async () => {
    const { code, said } = await prove('--', process.execPath, hasty);
    expect(said).toMatch(/FAULT: .*data\.bin was not synced before the answer/);
    expect(said).toMatch(/FAULT: the directory .* was not synced before the answer/);
    expect(code).toBe(1);
  }, 90_000);
});
