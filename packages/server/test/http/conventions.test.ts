import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowGraph, WorkflowRow } from '@upshot/model';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StartupError } from '../../src/index.js';
import { order } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let directory = '';
let file = '';
let server: TestServer | null = null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'upshot-server-'));
  file = join(directory, 'conventions.yaml');
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(directory, { recursive: true, force: true });
});

interface Rules {
  readonly traceConventions: Record<string, unknown>;
  readonly services: unknown[];
}

async function findings(kind: string): Promise<string[]> {
  const { json } = await server!.get<WorkflowGraph>('/api/workflows/order_1');
  return json.findings.filter((finding) => finding.kind === kind).map(({ message }) => message);
}

describe('conventions', () => {
  it('are none without a file', async () => {
    server = await testServer();
    await server.send(order(1, 0));
    expect(await server.get('/api/conventions')).toMatchObject({
      status: 200,
      json: { traceConventions: {}, services: [] },
    });
    expect(await findings('convention')).toEqual([]);
    expect((await server.get('/api/conventions?x=1')).status).toBe(400);
  });

  it('are taken from the file, and again when it changes; a wrong change is told and changes nothing', async () => {
    const lines: string[] = [];
    const traceConventions = { requiredFields: ['causationId'] };
    writeFileSync(file, JSON.stringify({ traceConventions }));
    server = await testServer({ conventions: file, log: (line) => lines.push(line) });
    await server.send(order(1, 0));
    const inForce = async () => (await server!.get<Rules>('/api/conventions')).json.traceConventions;
    expect(await inForce()).toEqual(traceConventions);
    expect(await findings('convention')).toEqual([
      expect.stringContaining('without causationId, against the rule requiredFields.causationId'),
    ]);

    writeFileSync(file, 'traceConventions:\n  expectedConsumers:\n    order.placed: nobody-yet\n');
    await vi.waitFor(async () => expect(await inForce()).toHaveProperty('expectedConsumers'), {
      timeout: 20_000,
    });
    expect(await findings('convention')).toEqual([]);
    expect(await findings('missing-delivery')).toEqual([
      expect.stringContaining('nobody-yet has not received'),
    ]);
    const { json } = await server.get<{ workflows: WorkflowRow[] }>('/api/workflows');
    expect(json.workflows[0]).toMatchObject({ status: 'stuck', topFinding: { kind: 'missing-delivery' } });

    writeFileSync(file, 'traceConventions:\n  expectedConsumer: {}\n');
    await vi.waitFor(() => expect(lines.at(-1)).toContain(':2:3: '), { timeout: 20_000 });
    expect(lines).toEqual([
      `upshot: ${file} has changed; its conventions are in force`,
      expect.stringMatching(
        /^upshot: \S+:2:3: unknown key "expectedConsumer" \(did you mean expectedConsumers\?\)/,
      ),
    ]);
    expect(await inForce()).toHaveProperty('expectedConsumers');
  });

  it('that are wrong keep a server from starting', async () => {
    writeFileSync(file, 'traceConventions:\n  requiredFields: traceId\n');
    await expect(testServer({ conventions: file })).rejects.toThrow(StartupError);
    await expect(testServer({ conventions: file })).rejects.toThrow(
      `${file}:2:19: requiredFields must be a list of fields, and is "traceId"`,
    );
    await expect(testServer({ conventions: `${file}.no` })).rejects.toThrow("can't be read (ENOENT)");
  });
});
