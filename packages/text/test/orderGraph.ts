import type { WorkflowGraph } from '@upshot/model';
import { GraphBuilder } from './graphBuilder.js';

/**
 * The order of the design's pictures: a fan-out to four consumers, one that recovers, one that is dead-lettered after six hours,
 * one that never came, an edge joined by message ID and one guessed.
 */
export function orderGraph(): WorkflowGraph {
  const g = new GraphBuilder();
  const HOURS_6 = 6 * 3600_000;
  const root = g.step('place-order', 'checkout-api', 0, 86, { spanKind: 'server' });
  g.step('POST', 'checkout-api', 10, 20, { layer: 'transport', spanKind: 'client', parent: root });
  const placed = g.event(root, 'order.placed', 61, { destination: 'orders', system: 'rabbitmq' });
  g.delivery(placed, 'order-projection', 'succeeded', [[70, 101]], { step: 'project-order-summary' });
  const reserve = g.delivery(placed, 'inventory', 'succeeded', [[75, 207]], { step: 'reserve-inventory' });
  const reserved = g.event(`${reserve}a1`, 'inventory.reserved', 198, {
    destination: 'inventory',
    system: 'rabbitmq',
  });
  const tries = [
    [217, 1237, 'HTTP 503 Service Unavailable'],
    [6237, 7237, 'HTTP 503 Service Unavailable'],
    [37_240, 38_260, 'HTTP 503 Service Unavailable'],
    [38_260 + HOURS_6, 39_300 + HOURS_6, 'HTTP 503 Service Unavailable'],
  ] as const;
  const hook = g.delivery(reserved, 'warehouse-bridge', 'dead-lettered', tries, {
    step: 'send-warehouse-webhook',
    service: 'warehouse',
  });
  const dead = g.event(null, 'inventory.reserved', 39_300 + HOURS_6, {
    kind: 'dead-letter',
    eventId: 'evt_8819',
    destination: 'warehouse.dlq',
    system: 'rabbitmq',
  });
  g.cause(`${hook}a4`, dead, 'dead-lettered', ['event-id']);
  const pay = g.delivery(
    placed,
    'payments',
    'recovered',
    [
      [83, 1103, 'HTTP 503'],
      [3103, 3403, 'HTTP 503'],
      [7403, 7450],
    ],
    { step: 'authorize-payment' },
  );
  const paid = g.event(`${pay}a3`, 'payment.authorized', 7390, { destination: 'payments', system: 'kafka' });
  g.delivery(paid, 'ledger', 'succeeded', [[7425, 7489]], { step: 'book-ledger-entry' });
  g.delivery(paid, 'fraud-scorer', 'succeeded', [[6210, 6520]], {
    step: 'score-fraud-risk',
    evidence: ['correlation-id'],
    confidence: 0.6,
  });
  const ghost = g.delivery(paid, 'invoicing', 'missing', [], { evidence: ['inferred'], confidence: 0.99 });
  g.delivery(placed, 'notifications', 'succeeded', [[1161, 1401]], {
    step: 'notifications order.placed',
    evidence: ['event-id', 'correlation-id'],
  });
  g.findings.push(
    {
      kind: 'broken-causality',
      severity: 'warning',
      message: 'notifications started a new trace; order.placed was joined by message ID.',
      nodes: [],
      fix: 'Extract the context from the message headers in notifications.',
    },
    {
      kind: 'dead-letter',
      severity: 'error',
      message: 'inventory.reserved lies in warehouse.dlq after 4 attempts of warehouse-bridge.',
      nodes: [dead],
      alike: { count: 37, firstSeenUnixNano: g.at(-1_000_000) },
    },
    {
      kind: 'missing-delivery',
      severity: 'error',
      message:
        'invoicing followed 4,120 of the last 4,121 payment.authorized, 99 % within 8 s; overdue by 6 h.',
      nodes: [ghost, paid],
    },
  );
  return g.build({
    status: 'failed',
    endTimeUnixNano: g.at(39_300 + HOURS_6),
    summary:
      'order_1003 stopped at send-warehouse-webhook: 4 attempts failed with HTTP 503, the last 20 min ago, dead-lettered; payment recovered on its third attempt.',
    criticalPath: [root, placed, reserve, `${reserve}a1`, reserved, hook, `${hook}a4`, dead],
  });
}
