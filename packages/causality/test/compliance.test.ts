import { parseConventions } from '@upshot/conventions';
import { decodeRecords } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { expect, it } from 'vitest';
import { collectByKey } from '../src/ask/askWorkflow.js';
import { Collection } from '../src/collect/Collection.js';
import { complianceOf } from '../src/index.js';
import { drive } from './support/ask.js';

const NOW = 1_790_003_600_000_000_000n;

it('counts by service what was checked, what kept the rules, and what broke which', async () => {
  const records = [
    { eventId: 'e1', eventName: 'order.placed', producer: 'checkout', correlationId: 'o1', traceId: 't1' },
    {
      eventId: 'e1',
      eventName: 'order.placed',
      consumerName: 'mail',
      attempt: 1,
      phase: 'failed',
      traceId: 't1',
    },
    { eventId: 'e1', eventName: 'order.placed', consumerName: 'mail', attempt: 2, correlationId: 'o1' },
    { eventId: 'e1', eventName: 'order.placed', consumerName: 'stock', correlationId: 'o1', traceId: 't1' },
  ].map((record, at) => ({ ...record, startTimeUnixNano: `${1_790_000_000_000_000_000n + BigInt(at)}` }));
  const store = openMemoryStore();
  const { accepted } = decodeRecords(Buffer.from(JSON.stringify(records)), 'json', NOW);
  await store.write({ spans: [], records: accepted });
  const found = await drive(store, collectByKey(new Collection(), 'o1'));
  const { workflow } = found!;
  const rulesOf = (traceConventions: object) => parseConventions({ traceConventions }).rules!;

  const compliance = complianceOf(workflow, rulesOf({ requiredFields: ['correlationId', 'traceId'] }), NOW);
  const [first, second] = workflow.attempts.filter(({ consumer }) => consumer === 'mail').map(({ id }) => id);
  expect(compliance).toEqual([
    { service: 'checkout', checked: 1, compliant: 1, violations: [] },
    {
      service: 'mail',
      checked: 2,
      compliant: 0,
      violations: [
        { rule: 'requiredFields.correlationId', count: 1, example: first },
        { rule: 'requiredFields.traceId', count: 1, example: second },
      ],
    },
    { service: 'stock', checked: 1, compliant: 1, violations: [] },
  ]);
  expect(
    complianceOf(workflow, rulesOf({}), NOW).map(({ checked, compliant }) => [checked, compliant]),
  ).toEqual([
    [1, 1],
    [2, 2],
    [1, 1],
  ]);
});
