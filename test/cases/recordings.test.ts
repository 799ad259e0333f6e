import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { askWorkflow, askWorkflowsAt } from '@upshot/causality';
import { decodeExport } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { drive } from './support/drive.js';
import { brokenInvariants } from './support/invariants.js';
import { type OtlpJson, spanUnitsOf } from './support/SpanUnit.js';
import { misplaced } from './support/standingFor.js';

const RECORDINGS = resolve(import.meta.dirname, '../../recordings');
const FILE = 'traces.otlp.json';
const names = readdirSync(RECORDINGS).filter((name) => existsSync(join(RECORDINGS, name, FILE)));

// The cases take workflows out of these; here each is taken whole, and held to what holds for every answer.
describe.each(names)('recordings/%s', (name) => {
  const body = readFileSync(join(RECORDINGS, name, FILE));
  const spans = spanUnitsOf(JSON.parse(body.toString('utf8')) as OtlpJson).map(({ span }) => span);

  it('leads to sound workflows, in which no span vanishes', async () => {
    const store = openMemoryStore();
    await store.write({ spans: [decodeExport(body, 'json').spans], records: [] });
    const options = { nowUnixNano: 1_800_000_000_000_000_000n };
    const workflows = await drive(store, askWorkflowsAt(await store.entries({ limit: 10_000 }), options));
    expect(workflows.length).toBeGreaterThan(0);
    for (const workflow of workflows) expect(brokenInvariants(workflow), workflow.key).toEqual([]);
    const lost: string[] = [];
    for (const span of spans) {
      const answer = await drive(store, askWorkflow(span.spanId, options));
      const why = answer === null ? 'nothing is known of it' : misplaced(answer, span);
      if (why !== null) lost.push(`${span.spanId}: ${why}`);
    }
    expect(lost).toEqual([]);
  });
});
