import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { askWorkflowsAt } from '@upshot/causality';
import { parseConventionsText } from '@upshot/conventions-file';
import type { WorkflowGraph } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { expect, it } from 'vitest';
import { drive } from '../cases/support/drive.js';

const RECORDINGS = resolve(import.meta.dirname, '../../recordings');
const FILE = 'traces.otlp.json';
const NAMES = readdirSync(RECORDINGS).filter((name) => existsSync(join(RECORDINGS, name, FILE)));

const PLAIN = `traceConventions:
  requiredFields: [traceId, eventId, correlationId, consumerName]
  spanNaming: { style: business-step-first }
`;
const conventions = parseConventionsText(PLAIN, 'plain').rules;

async function workflowsOf(name: string): Promise<WorkflowGraph[]> {
  const store = openMemoryStore();
  const { spans } = decodeExport(readFileSync(join(RECORDINGS, name, FILE)), 'json');
  await store.write({ spans: [spans], records: [] });
  const options = { nowUnixNano: 1_800_000_000_000_000_000n, conventions };
  return drive(store, askWorkflowsAt(await store.entries({ limit: 10_000 }), options));
}

/**
 * Every name of an attempt in the recordings that is called low-level. Read by a person: each says how a message came, none what was done. A new
 * one is to be read too before it is added.
 */
const LOW_LEVEL = [
  'billing process',
  'billing receive',
  'billing-dlq receive',
  'billing.dead process',
  'billing.parked process',
  'courier.dead process',
  'email process',
  'email receive',
  'email-sub subscribe',
  'mail process',
  'orders',
  'orders process',
  'orders receive',
  'orders-dead-letter-sub subscribe',
  'orders-dlq receive',
  'orders-dlt process',
  'orders.dlq',
  'orders.dlq process',
  'orders.dlq receive',
  'orders.dlx receive',
  'payments',
  'payments process',
  'payments receive',
  'process orders',
  'process orders.dlq',
  'process orders.dlx:order.created:billing.dead',
  'process orders:order.created:email',
  'process payments',
  'process payments:payment.taken:shipping',
  'process shipments',
  'process shipping',
  'run/orders.charge',
  'run/orders.ship',
  'shipments',
  'shipping process',
  'shipping-sub subscribe',
];

it('calls no business step of any recording low-level', async () => {
  const flagged = new Set<string>();
  const steps = new Set<string>();
  for (const name of NAMES) {
    for (const graph of await workflowsOf(name)) {
      for (const { convention } of graph.findings)
        if (convention?.rule === 'spanNaming.style') for (const one of convention.names) flagged.add(one);
      for (const { step, layer } of graph.steps) if (layer === 'business') steps.add(step);
    }
  }
  expect([...flagged].sort()).toEqual(LOW_LEVEL);
  expect([...flagged].filter((name) => steps.has(name))).toEqual([]);
  expect(steps).toContain('charge-card');
});

it('finds nothing wrong with an attempt that holds a business step', async () => {
  for (const graph of (await Promise.all(NAMES.map(workflowsOf))).flat()) {
    const named = new Set(
      graph.findings
        .filter(({ convention }) => convention?.rule === 'spanNaming.style')
        .flatMap(({ nodes }) => nodes),
    );
    for (const { parent, layer, step } of graph.steps)
      if (layer === 'business' && parent !== null)
        expect(named, `${graph.key}: ${step}`).not.toContain(parent);
  }
});
