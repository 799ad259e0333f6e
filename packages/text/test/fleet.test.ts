import type { FindingGroup, HopHealth, Propagation, Topology } from '@upshot/model';
import {
  renderConventions,
  renderFindingGroups,
  renderFindings,
  renderPropagation,
  renderTopology,
  renderTopologyDot,
  renderTopologyMermaid,
} from '@upshot/text';
import { describe, expect, it } from 'vitest';

const SECOND = 1_000_000_000n;
/** 2026-11-23 08:00:00 UTC. */
const T0 = 1_795_420_800n * SECOND;
const at = (seconds: number) => `${T0 + BigInt(seconds) * SECOND}`;
const OPTIONS = { color: false, width: 80, nowUnixNano: T0 + 7_200n * SECOND };

function hop(parts: Partial<HopHealth>): HopHealth {
  return {
    producer: 'checkout-api',
    eventName: 'order.placed',
    destination: 'orders',
    consumer: 'billing',
    environment: '',
    deliveries: 40,
    declared: 40,
    stitched: 0,
    unlinked: 0,
    broken: 0,
    state: 'whole',
    fault: 'nobody',
    proof: '',
    fix: '',
    others: [],
    examples: [],
    exampleOf: {},
    firstSeenUnixNano: at(0),
    lastSeenUnixNano: at(3_600),
    lastWholeUnixNano: at(3_600),
    brokenSince: null,
    workflowsCut: 0,
    trend: [],
    ...parts,
  };
}

const period = (from: number, declared: number, stitched: number) => ({
  fromUnixNano: at(from),
  toUnixNano: at(from + 900),
  declared,
  stitched,
  unlinked: 0,
});

const CUT = {
  deliveries: 1_500,
  declared: 296,
  stitched: 1_204,
  broken: 1_204,
  state: 'broken',
  fault: 'producer',
  proof: 'Nothing of order.placed from checkout-api is continued any more.',
  lastWholeUnixNano: at(1_799),
  brokenSince: { unixNano: at(1_800), service: 'checkout-api', version: '2.0.0', versionBefore: '1.9.3' },
  trend: [period(0, 200, 0), period(900, 96, 4), period(1_800, 0, 600), period(2_700, 0, 600)],
} as const;

const PROPAGATION: Propagation = {
  asOf: at(7_199),
  sampledOneIn: 1,
  faults: [
    {
      sentence:
        'checkout-api → orders: its messages carry no context; 2 consumers start new traces; 1,204 workflows since 2026-11-23 08:30 UTC are cut there, since version 2.0.0 of checkout-api.',
      fault: 'producer',
      producer: 'checkout-api',
      eventName: 'order.placed',
      destination: 'orders',
      environment: '',
      consumers: ['billing', 'shipping'],
      workflows: 1_204,
      sinceUnixNano: at(1_800),
      fix: 'In checkout-api (version 2.0.0): write `traceparent` into the headers.',
      examples: ['order_441', 'order_442'],
    },
  ],
  hops: [
    hop(CUT),
    hop({ ...CUT, consumer: 'shipping' }),
    hop({
      producer: 'mail',
      eventName: 'mail.sent',
      destination: 'mail.sent',
      consumer: 'audit',
      trend: [period(2_700, 40, 0)],
    }),
    hop({
      producer: '',
      eventName: 'tick',
      destination: null,
      consumer: 'clock',
      environment: 'staging',
      state: 'mended',
    }),
  ],
};

describe('renderPropagation', () => {
  it('says what is at fault, then shows every hop in a table', () => {
    expect(renderPropagation(PROPAGATION, OPTIONS)).toBe(`\
4 hops · 2 broken · 1 mended · 1 whole
  as of 2026-11-23 09:59:59.000 UTC (1 s ago)

✗ checkout-api → orders: its messages carry no context; 2 consumers start new
  traces; 1,204 workflows since 2026-11-23 08:30 UTC are cut there, since
  version 2.0.0 of checkout-api.
  since 2026-11-23 08:30:00.000 UTC · 1 h ago
  checkout-api 2.0.0, whole with 1.9.3 · last whole 1 h ago
  Why: Nothing of order.placed from checkout-api is continued any more.
  Fix: In checkout-api (version 2.0.0): write \`traceparent\` into the headers.
  Such as order_441, order_442

  CONSUMER  STATE     DELIVERIES  DECLARED  STITCHED  UNLINKED  TREND
checkout-api → order.placed → orders
  billing   ✗ broken       1,500       296     1,204         0  ▁▁▂▂████
  shipping  ✗ broken       1,500       296     1,204         0  ▁▁▂▂████
mail → mail.sent
  audit     ✓ whole           40        40         0         0  ······▁▁
unknown producer → tick · in staging
  clock     ↻ mended          40        40         0         0  ········

TREND: the share that lost its context; ▁ none, █ all, · nothing delivered
`);
  });

  it('tells each row as a sentence where a table would be too wide', () => {
    const text = renderPropagation(PROPAGATION, { ...OPTIONS, width: 50 });
    expect(text).toContain('  billing · state ✗ broken · deliveries 1,500\n');
    expect(text).not.toContain('CONSUMER');
  });

  it('shows nothing lost where event records declare their causes', () => {
    const told = hop({ deliveries: 9, declared: 0, stitched: 9, trend: [period(0, 0, 9)] });
    const text = renderPropagation({ hops: [told], faults: [], asOf: at(0), sampledOneIn: 64 }, OPTIONS);
    expect(text).toMatch(/✓ whole .*▁/);
    expect(text).toContain('of what came after that, one workflow in 64 is counted');
    expect(text.split('TREND:')[0]).not.toContain('█');
  });
});

const TOPOLOGY: Topology = {
  asOf: at(7_199),
  events: [
    {
      eventName: 'order_placed "v2"',
      environment: 'prod',
      producers: ['checkout-api'],
      destinations: ['orders'],
      systems: ['kafka'],
      published: 1_204,
      rate: 0.4,
      consumers: [
        {
          consumer: 'ledger',
          steps: ['book-entry'],
          deliveries: 1_204,
          rate: 0.4,
          failed: 12,
          deadLettered: 3,
          recovered: 5,
          attempts: 1_230,
          attemptsFailed: 26,
          waitNano: { p50: '12000000', p99: '1200000000' },
          workNano: { p50: '30000000', p99: null },
        },
      ],
    },
    {
      eventName: 'ledger.booked',
      environment: 'prod',
      producers: ['ledger'],
      destinations: [],
      systems: [],
      published: 2,
      rate: 0,
      consumers: [],
    },
  ],
};

describe('renderTopology', () => {
  it('shows each event between who publishes and who consumes it', () => {
    expect(renderTopology(TOPOLOGY, OPTIONS)).toBe(`\
2 events · 1 consumer · as of 2026-11-23 09:59:59.000 UTC (1 s ago)

◆ order_placed "v2" · in prod · 1,204 published · 24/min
  ← checkout-api
    by orders (kafka)
  → ledger · 1,204 deliveries · 24/min · ✗ 9 failed · ⊠ 3 dead-lettered
    ↻ 5 recovered · 1,230 attempts, 26 failed
    waited p50 12 ms, p99 1.20 s
    step book-entry

◆ ledger.booked · in prod · 2 published · 0/s
  ← ledger
  → nobody was seen to consume it
`);
  });

  it('draws a service that consumes and publishes as one node', () => {
    expect(renderTopologyMermaid(TOPOLOGY)).toBe(`\
flowchart LR
  e0(["order_placed #34;v2#34; (prod)"])
  s1["checkout-api (prod)"]
  s2["ledger (prod)"]
  e3(["ledger.booked (prod)"])
  s1 --> e0
  e0 -->|"1,204, 12 failed"| s2
  s2 --> e3
  linkStyle 1 stroke:#c62828
`);
    expect(renderTopologyDot(TOPOLOGY)).toContain(
      '  e0 [shape=oval, label="order_placed \\"v2\\" (prod)"];\n',
    );
    expect(renderTopologyDot(TOPOLOGY)).toContain(
      '  e0 -> s2 [label="1,204, 12 failed", color="#c62828", fontcolor="#c62828"];\n',
    );
  });
});

describe('renderFindingGroups', () => {
  const group: FindingGroup = {
    id: '0123456789abcdef',
    kind: 'dead-letter',
    hop: { producer: 'checkout-api', eventName: 'order.placed', destination: 'orders', consumer: 'ledger' },
    message: 'ledger gives up order.placed: HTTP 503: 37 workflows since 2026-11-23 08:00 UTC.',
    severity: 'error',
    count: 37,
    firstSeenUnixNano: at(0),
    lastSeenUnixNano: at(7_080),
    keys: ['order_441'],
    muted: null,
    trend: [],
  };

  it('shows each cause once, and those that are known last, with the reason', () => {
    const known = {
      ...group,
      id: 'ffffffffffffffff',
      muted: { reason: 'ticket 17', untilUnixNano: at(7_200 + 7 * 86_400) },
    };
    expect(renderFindingGroups([known, group], OPTIONS)).toBe(`\
1 cause · 1 muted

✗ dead-letter: ledger gives up order.placed: HTTP 503: 37 workflows since
  2026-11-23 08:00 UTC.
  last 2 min ago · checkout-api → order.placed → orders → ledger
  Such as order_441
  group 0123456789abcdef

✗ dead-letter: ledger gives up order.placed: HTTP 503: 37 workflows since
  2026-11-23 08:00 UTC.
  last 2 min ago · checkout-api → order.placed → orders → ledger
  Such as order_441
  muted until 2026-11-30 10:00:00.000 UTC (in 7 days): ticket 17
    group ffffffffffffffff
`);
  });

  it('shows findings as they came, with their workflow and group', () => {
    const found = {
      kind: 'dead-letter',
      severity: 'error',
      message: 'ledger gave up',
      nodes: [],
      alike: { count: 37, firstSeenUnixNano: at(0) },
      fix: 'Call the bank.',
      key: 'order_441',
      timeUnixNano: at(7_080),
      group: group.id,
    } as const;
    expect(renderFindings([found], OPTIONS)).toBe(`\
✗ dead-letter: ledger gave up (37 alike since 2026-11-23 08:00:00.000 UTC)
  order_441 · 2026-11-23 09:58:00.000 UTC · 2 min ago · group 0123456789abcdef
  Fix: Call the bank.
`);
  });
});

describe('renderConventions', () => {
  it('shows the rules as paths, and who keeps them', () => {
    const service = {
      service: 'billing',
      checked: 3_000,
      compliant: 2_999,
      score: 0.5,
      trend: -0.25,
      rules: [{ rule: 'requiredFields.correlationId', count: 1, examples: ['order_441'] }],
    };
    const traceConventions = {
      requiredFields: ['traceId', 'eventId'],
      spanNaming: { style: 'business-step-first' },
    };
    const sound = { ...service, service: 'mail', compliant: 3_000, score: 0, trend: 0, rules: [] };
    expect(renderConventions({ traceConventions, services: [service, sound] }, OPTIONS)).toBe(`\
Rules in force
  requiredFields: traceId, eventId
  spanNaming.style: business-step-first

SERVICE  CHECKED  COMPLIANT    SHARE  TREND  MEND FIRST
billing    3,000      2,999   99.9 %    −25         0.5
mail       3,000      3,000  100.0 %   same           –

billing
  requiredFields.correlationId · broken 1 time · Such as order_441
`);
  });
});
