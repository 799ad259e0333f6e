import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const NODE_TEST = fileURLToPath(new URL('frameworks/nodeTest.mjs', import.meta.url));

/** With nothing of this test run around it, which node:test would take for its own parent. */
function nodeTest(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...own } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--test', '--test-reporter=tap', NODE_TEST],
      { env: { ...own, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}

it('serves node:test', async () => {
  const { code, output } = await nodeTest({});
  expect(output).toContain('# pass 2');
  expect(code).toBe(0);
});

it('fails there with the tree', async () => {
  const { code, output } = await nodeTest({ FAIL_TOO: '1' });
  expect(output).toContain('# fail 1');
  expect(output).toContain('✗ send-warehouse-webhook is missing');
  expect(output).toContain('◆ order.placed');
  expect(code).toBe(1);
});
