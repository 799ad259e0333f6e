import { renderWorkflow } from '@upshot/text';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, SECOND, START } from './graphBuilder.js';
import { orderGraph } from './orderGraph.js';

const NOW = START + 22_800n * SECOND;
const plain = { color: false, width: 80, nowUnixNano: NOW };

/** The lines of the tree, between the header and the findings, without the column of the critical path. */
function treeOf(text: string): string[] {
  const blocks = text.split('\n\n');
  return blocks.filter((block) => /[├└]|^[▸◆]/m.test(block)).flatMap((block) => block.trimEnd().split('\n'));
}

describe('renderWorkflow', () => {
  it('tells an order that stopped: every attempt, the dead letter, the ghost, the guess, the findings', () => {
    expect(renderWorkflow(orderGraph(), plain)).toBe(ORDER);
  });

  it('says the same without colour as with it', () => {
    const colored = renderWorkflow(orderGraph(), { ...plain, color: true });
    expect(colored).toContain('\u001b[31m');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(ORDER);
  });

  it('says first that a graph is not whole, and where the rest is', () => {
    const g = new GraphBuilder();
    g.event(null, 'order.placed', 0);
    const text = renderWorkflow(
      g.build({ truncated: { reason: 'limit', shown: 20_000, total: 31_553, nextCursor: 'abc' } }),
      plain,
    );
    expect(text.split('\n')[0]).toBe(
      '! Not the whole workflow: 20,000 of 31,553 nodes are shown (limit). The next',
    );
    expect(text.split('\n')[1]).toBe('page begins at cursor abc');
  });

  it('stacks a fan-out of like branches, the failed ones first and one by one up to five', () => {
    const g = new GraphBuilder();
    const root = g.step('launch-campaign', 'marketing', 0, 212);
    for (let i = 0; i < 9_826; i++) {
      const event = g.event(root, 'email.requested', 50, { destination: 'emails', system: 'kafka' });
      const failed = i >= 9_812;
      g.delivery(
        event,
        'mailer',
        failed ? 'failed' : 'succeeded',
        [failed ? [60, 90, 'SMTP 421'] : [60, 90]],
        {
          step: 'send-email',
        },
      );
    }
    const tree = treeOf(renderWorkflow(g.build(), plain));
    expect(tree.slice(0, 5)).toEqual([
      '▸ launch-campaign · marketing · worked 212 ms',
      '└─ ◆ email.requested ×9,826 → emails (kafka) · +50 ms',
      '   └─ ✗ send-email ×9,826 · mailer · ×14 failed · ×9,812 succeeded',
      '      ├─ ✗ send-email · mailer · failed · evt_18612',
      '      │  └─ 1 ✗ waited 10 ms · worked 30 ms · failed: UpstreamError: SMTP 421',
    ]);
    expect(tree.slice(-2)).toEqual([
      '      ├─ and 9 more: ×9 failed',
      '      └─ 9,821 attempts of the others, 9 failed · worked 30 ms',
    ]);
    expect(tree).toHaveLength(15);
  });

  it('merges what stacked branches led to, and shows one by one what they did not all lead to', () => {
    const g = new GraphBuilder();
    const root = g.step('import', 'importer', 0, 5);
    for (let i = 0; i < 8; i++) {
      const event = g.event(root, 'row.read', 1);
      const delivery = g.delivery(event, 'writer', 'succeeded', [[2, 3]]);
      const written = g.event(`${delivery}a1`, 'row.written', 3);
      g.delivery(written, 'index', i === 5 ? 'retrying' : 'succeeded', [i === 5 ? [4, 5, 'full'] : [4, 5]]);
      if (i === 6) g.event(`${delivery}a1`, 'quota.reached', 3);
    }
    expect(treeOf(renderWorkflow(g.build(), plain))).toEqual([
      '▸ import · importer · worked 5 ms',
      '└─ ◆ row.read ×8 · +1 ms',
      '   └─ ✓ writer ×8 · ×8 succeeded',
      '      ├─ 8 attempts · worked 1 ms',
      '      ├─ ◆ row.written ×8 · +3 ms',
      '      │  └─ ⇄ index ×8 · ×1 retrying · ×7 succeeded',
      '      │     ├─ ⇄ index · retrying · evt_8811',
      '      │     │  └─ 1 ✗ waited 1 ms · worked 1 ms · failed: UpstreamError: full',
      '      │     └─ 7 attempts of the others · worked 1 ms',
      '      └─ ◆ quota.reached · +3 ms',
    ]);
  });

  it('shows six like branches one by one, and any number with `full`', () => {
    const g = new GraphBuilder();
    const root = g.step('import', 'importer', 0, 5);
    for (let i = 0; i < 6; i++) g.event(root, 'row.read', i);
    expect(treeOf(renderWorkflow(g.build(), plain))).toHaveLength(7);
    g.event(root, 'row.read', 7);
    expect(treeOf(renderWorkflow(g.build(), plain))).toHaveLength(2);
    expect(treeOf(renderWorkflow(g.build(), { ...plain, full: true }))).toHaveLength(8);
  });

  it('prints a node with several causes once, and names it by its number elsewhere', () => {
    const g = new GraphBuilder();
    const root = g.step('check-out', 'shop', 0, 9);
    const [a, b] = [g.event(root, 'paid', 1), g.event(root, 'packed', 2)];
    const join = g.delivery(a, 'shipper', 'succeeded', [[3, 4]], { step: 'ship' });
    const other = g.delivery(b, 'shipper', 'succeeded', [[3, 4]], { step: 'ship' });
    const shipped = g.event(`${join}a1`, 'shipped', 4);
    g.cause(`${other}a1`, shipped, 'published', ['parent'], 0.5);
    expect(treeOf(renderWorkflow(g.build(), plain))).toEqual([
      '▸ check-out · shop · worked 9 ms',
      '├─ ◆ paid · +1 ms',
      '│  └─ ✓ ship · shipper · succeeded',
      '│     ├─ 1 ✓ waited 2 ms · worked 1 ms · succeeded',
      '│     └─ ◆ shipped · +4 ms [1]',
      '└─ ◆ packed · +2 ms',
      '   └─ ✓ ship · shipper · succeeded',
      '      ├─ 1 ✓ waited 1 ms · worked 1 ms · succeeded',
      '      └─ ◆ shipped · see [1] · guessed, 50 %',
    ]);
  });

  it('prints each node of a cycle once, also where nothing leads into the cycle', () => {
    const g = new GraphBuilder();
    const [a, b] = [g.event(null, 'ping', 1), g.event(null, 'pong', 2)];
    g.cause(a, b, 'published', ['causation-id']);
    g.cause(b, a, 'published', ['causation-id']);
    expect(treeOf(renderWorkflow(g.build(), plain))).toEqual([
      '◆ ping · from producer · +1 ms [1]',
      '└─ ◆ pong · +2 ms · joined by causation ID',
      '   └─ ◆ ping · see [1] · joined by causation ID',
    ]);
  });

  it('continues a deep tree from the margin, however deep it is', () => {
    const g = new GraphBuilder();
    let last = g.step('start', 'first', 0, 1);
    for (let i = 0; i < 4_000; i++) last = g.step(`step-${i}`, 'first', i, i + 1, { parent: last });
    const text = renderWorkflow(g.build(), plain);
    expect(text).toContain('step-3999');
    const indents = text.split('\n').map((line) => line.search(/[^ │├└─]/));
    expect(Math.max(...indents)).toBeLessThanOrEqual(40);
    const [, number] = /continued at (\[\d+\])/.exec(text)!;
    expect(text).toContain(`\n\n${number} ▸ step-`);
  });

  it('folds transport steps into a count, keeps what they led to, and shows them when asked', () => {
    const g = new GraphBuilder();
    const root = g.step('POST /orders', 'shop', 0, 9, { layer: 'transport', spanKind: 'server' });
    const send = g.step('orders publish', 'shop', 1, 2, {
      layer: 'transport',
      spanKind: 'producer',
      parent: root,
      error: { type: 'Timeout', message: '' },
    });
    const charge = g.step('charge-card', 'shop', 2, 4, { parent: send });
    g.event(charge, 'order.placed', 3);
    expect(treeOf(renderWorkflow(g.build(), plain))).toEqual([
      '▸ POST /orders · shop · server span · worked 9 ms · 1 transport step, 1 failed',
      '└─ ▸ charge-card · worked 2 ms',
      '   └─ ◆ order.placed · +3 ms',
    ]);
    expect(treeOf(renderWorkflow(g.build(), { ...plain, transport: true }))).toEqual([
      '▸ POST /orders · shop · server span · worked 9 ms',
      '└─ ▸ orders publish · producer span · worked 1 ms · failed: Timeout',
      '   └─ ▸ charge-card · worked 2 ms',
      '      └─ ◆ order.placed · +3 ms',
    ]);
  });

  it('tells replays, waiting and running branches, attempts after a success, and events whose publish was not seen', () => {
    const g = new GraphBuilder();
    const placed = g.event(null, 'order.placed', 0, { producer: '', spanId: null });
    g.delivery(placed, 'mail', 'waiting');
    g.delivery(placed, 'stock', 'processing', [[22_795_000, null]]);
    g.delivery(placed, 'ledger', 'succeeded', [
      [1, 2],
      [9, 10],
    ]);
    const dead = g.event(placed, 'order.placed', 20, { kind: 'dead-letter', destination: 'dlq' });
    g.event(dead, 'order.placed', 30, { kind: 'replay', destination: 'orders' });
    expect(treeOf(renderWorkflow(g.build({ status: 'in-progress' }), plain))).toEqual([
      '◆ order.placed · publish not seen · +0 ms',
      '├─ ○ mail · waiting for 6 h 20 m 00 s',
      '├─ ✓ ledger · succeeded · 2 attempts',
      '│  ├─ 1 ✓ waited 1 ms · worked 1 ms · succeeded',
      '│  └─ 2 ✓ 7 ms later · worked 1 ms · succeeded',
      '├─ ⊠ dead letter order.placed → dlq · +20 ms · evt_8801',
      '│  └─ ↺ replay order.placed → orders · +30 ms · evt_8802',
      '└─ ◐ stock · processing',
      '   └─ 1 ◐ waited 6 h 19 m 55 s · working for 5 s · running',
    ]);
  });

  it('takes the IDs of event records, which have no span, for the declarations that they are', () => {
    const build = (spanId: string | null): string[] => {
      const g = new GraphBuilder();
      const event = g.event(null, 'order.placed', 0, { spanId: 'e' });
      const delivery = g.delivery(event, 'ledger', 'succeeded', [[1, 2]], { evidence: ['event-id'] });
      g.event(`${delivery}a1`, 'entry.booked', 3, { spanId }, { evidence: ['causation-id'] });
      g.attempts[0] = { ...g.attempts[0]!, spanId };
      return treeOf(renderWorkflow(g.build(), plain));
    };
    expect(build('a').join('\n')).toMatch(/joined by message ID[\s\S]*joined by causation ID/);
    expect(build(null).join('\n')).not.toContain('joined');
  });

  it('says once how a delivery and its attempt were joined', () => {
    const g = new GraphBuilder();
    const event = g.event(null, 'order.placed', 0);
    g.delivery(event, 'mail', 'succeeded', [[1, 2]], { evidence: ['event-id'] });
    const attempted = g.causes.findIndex(({ kind }) => kind === 'attempted');
    const tree = (evidence: 'event-id' | 'broker-position') => {
      g.causes[attempted] = { ...g.causes[attempted]!, evidence: [evidence] };
      return treeOf(renderWorkflow(g.build(), plain)).slice(1);
    };
    expect(tree('event-id')).toEqual([
      '└─ ✓ mail · succeeded · joined by message ID',
      '   └─ 1 ✓ waited 1 ms · worked 1 ms · succeeded',
    ]);
    expect(tree('broker-position')[1]).toContain('joined by position');
  });

  it('shows both ends of very many attempts and counts those between', () => {
    const g = new GraphBuilder();
    const event = g.event(null, 'poison', 0);
    const tries = Array.from({ length: 100 }, (_, i) => [i * 10, i * 10 + 1, 'no'] as const);
    g.delivery(event, 'sink', 'retrying', tries);
    const tree = treeOf(renderWorkflow(g.build(), plain));
    expect(tree).toHaveLength(2 + 41);
    expect(tree[22]).toBe('   ├─ … between them: 60 attempts, 60 failed · worked 1 ms');
    expect(treeOf(renderWorkflow(g.build(), { ...plain, full: true }))).toHaveLength(2 + 100);
  });

  it('cuts long names in the middle, never an ID, and error messages at the end with a count', () => {
    const g = new GraphBuilder();
    const longId = `evt-${'0123456789'.repeat(12)}`;
    const event = g.event(null, `com.example.${'very.'.repeat(30)}long.OrderPlaced`, 0, {
      kind: 'replay',
      eventId: longId,
    });
    g.delivery(event, 'sink', 'failed', [[1, 2, 'x'.repeat(900)]]);
    const text = renderWorkflow(g.build({ key: longId, correlationIds: [longId] }), plain);
    expect(text).toMatch(/com\.example\.very.*….*long\.OrderPlaced/);
    expect(text.split('\n').filter((line) => line.includes(longId))).toHaveLength(2);
    expect(text).toContain('more characters)');
  });

  it('counts wide characters as two columns', () => {
    const g = new GraphBuilder();
    g.event(null, '注文'.repeat(40), 0);
    const text = renderWorkflow(g.build(), plain);
    const line = text.split('\n').find((candidate) => candidate.includes('…'))!;
    // Two columns of glyph and space, 76 of wide characters, one of the ellipsis.
    expect(line.match(/[注文]/g)).toHaveLength(38);
  });

  it('tells equal findings once with their number, and says how many are left out', () => {
    const g = new GraphBuilder();
    const finding = { kind: 'broken-causality', severity: 'warning', nodes: [] } as const;
    for (let i = 0; i < 3; i++) g.findings.push({ ...finding, message: 'the same' });
    for (let i = 0; i < 30; i++) g.findings.push({ ...finding, message: `another, ${i}` });
    const text = renderWorkflow(g.build(), plain);
    expect(text).toContain('! broken-causality ×3: the same\n');
    expect(text).toContain('\n  and 11 more findings\n');
  });
});

const ORDER = `\
order_1003 correlation ID · ✗ failed
  started 2026-11-23 08:02:11.412 UTC · 6 h ago · took 6 h 00 m 39 s
  trace 8f2e61b09c4d7a3358e1f0c2ab943d10
  3 events, 1 dead letter · 8 deliveries, 1 dead-lettered, 1 missing
  12 attempts, 6 failed

order_1003 stopped at send-warehouse-webhook: 4 attempts failed with HTTP 503,
the last 20 min ago, dead-lettered; payment recovered on its third attempt.

┃ ▸ place-order · checkout-api · worked 86 ms · 1 transport step
┃ └─ ◆ order.placed → orders (rabbitmq) · +61 ms
     ├─ ✓ project-order-summary · order-projection · succeeded
     │  └─ 1 ✓ waited 9 ms · worked 31 ms · succeeded
┃    ├─ ✓ reserve-inventory · inventory · succeeded
┃    │  ├─ 1 ✓ waited 14 ms · worked 132 ms · succeeded
┃    │  └─ ◆ inventory.reserved → inventory (rabbitmq) · +198 ms
┃    │     └─ ⊠ send-warehouse-webhook · warehouse-bridge · warehouse
┃    │        │ dead-lettered · 4 attempts
     │        ├─ 1 ✗ waited 19 ms · worked 1.02 s
     │        │    failed: UpstreamError: HTTP 503 Service Unavailable
     │        ├─ 2 ✗ back-off 5 s · worked 1 s
     │        │    failed: UpstreamError: HTTP 503 Service Unavailable
     │        ├─ 3 ✗ back-off 30 s · worked 1.02 s
     │        │    failed: UpstreamError: HTTP 503 Service Unavailable
┃    │        └─ 4 ✗ back-off 6 h 00 m 00 s · worked 1.04 s
┃    │           │ failed: UpstreamError: HTTP 503 Service Unavailable
┃    │           └─ ⊠ dead letter inventory.reserved → warehouse.dlq (rabbitmq)
┃    │                +6 h 00 m 39 s · not consumed, not replayed · evt_8819
┃    │                joined by message ID
     ├─ ↻ authorize-payment · payments · recovered · 3 attempts
     │  ├─ 1 ✗ waited 22 ms · worked 1.02 s · failed: UpstreamError: HTTP 503
     │  ├─ 2 ✗ back-off 2 s · worked 300 ms · failed: UpstreamError: HTTP 503
     │  └─ 3 ✓ back-off 4 s · worked 47 ms · succeeded
     │     └─ ◆ payment.authorized → payments (kafka) · +7.39 s
     │        ├─ ✓ score-fraud-risk · fraud-scorer · succeeded
     │        │  │ guessed from correlation ID, 60 %
     │        │  └─ 1 ✓ wait unknown · worked 310 ms · succeeded
     │        ├─ ✓ book-ledger-entry · ledger · succeeded
     │        │  └─ 1 ✓ waited 35 ms · worked 64 ms · succeeded
     │        └─ ? invoicing · missing · invoicing followed 4,120 of the last
     │             4,121 payment.authorized, 99 % within 8 s; overdue by 6 h.
     └─ ✓ notifications · succeeded · joined by message ID
        └─ 1 ✓ waited 1.10 s · worked 240 ms · succeeded

┃ critical path

Findings
✗ dead-letter: inventory.reserved lies in warehouse.dlq after 4 attempts of
  warehouse-bridge. (37 alike since 2026-11-23 07:45:31.412 UTC)
✗ missing-delivery: invoicing followed 4,120 of the last 4,121
  payment.authorized, 99 % within 8 s; overdue by 6 h.
! broken-causality: notifications started a new trace; order.placed was joined
  by message ID.
  Fix: Extract the context from the message headers in notifications.
`;
