import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { order } from './fixtures/orders.js';
import { serve, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

function file(text: string): string {
  const path = join(temporaryDirectory(), 'rules');
  writeFileSync(path, text);
  return path;
}

describe('upshot serve --redact', () => {
  it('keeps out of the store what rules on the line and in a file name', async () => {
    const rules = file(
      '# people\nhash:*conversation_id  # the order number\n\nmask:messaging.destination.name\n',
    );
    const server = await serve([
      '--store',
      'memory',
      '--redact',
      'drop:upshot.event',
      '--redact-file',
      rules,
    ]);
    const response = await fetch(`${server.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order(1)),
    });
    expect(response.status).toBe(200);
    expect((await upshot(['show', 'order_1'], server.env)).code).toBe(2);
    const { code, stdout } = await upshot(['show', 'evt_1', '--json'], server.env);
    expect(code).toBe(0);
    const graph = JSON.parse(stdout) as { key: string; events: { eventName: string; destination: string }[] };
    expect(graph.key).toMatch(/^[0-9a-f]{16}$/);
    expect(graph.events.map(({ eventName, destination }) => [eventName, destination])).toEqual([
      ['***', '***'],
    ]);
    expect((await upshot(['show', graph.key], server.env)).code).toBe(0);
  });

  it.each([
    [
      ['--redact', 'burn:user'],
      '--redact: a rule is drop:KEY, mask:KEY or hash:KEY, * being any characters, and is "burn:user"',
    ],
    [['--redact-file', '/nowhere'], "--redact-file /nowhere can't be read (ENOENT)"],
    [['--redact-secret-file', '/dev/null'], 'The secret file /dev/null is empty'],
    [['--retention-size', '20'], '--retention-size must be a size such as 500MB or 20GiB, and is "20"'],
    [
      ['--retention-size', '1GB', '--store', 'memory'],
      '--retention-size is of a store on disk, and --store is "memory"',
    ],
  ])('refuses %j in one line', async (args, message) => {
    const store = args.includes('--store') ? [] : ['--store', temporaryDirectory()];
    const { code, stderr } = await upshot(['serve', '--port', '0', ...store, ...args]);
    expect([code, stderr]).toEqual([2, `upshot: ${message}\n`]);
  });
});

describe('upshot reindex', () => {
  it('says where there is nothing to do', async () => {
    const server = await serve(['--store', 'memory']);
    const { code, stdout } = await upshot(['reindex'], server.env);
    expect([code, stdout]).toEqual([0, 'All look-up keys are those of today\n']);
  });
});
