import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunningServer, startServer } from '@upshot/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { namesIn } from './promql.js';

const DEPLOY = resolve(import.meta.dirname, '../../deploy');

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly w: number };
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

const rules = parse(readFileSync(join(DEPLOY, 'prometheus/upshot.rules.yaml'), 'utf8')) as Rules;
const dashboard = JSON.parse(readFileSync(join(DEPLOY, 'grafana/upshot.json'), 'utf8')) as Dashboard;

/** What Prometheus itself adds to every target. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['instance', 'job'] };

/** The labels of each series that a server exposes, by metric. */
const exposed = new Map<string, Set<string>>();
let directory = '';
let server: RunningServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'upshot-deploy-'));
  const conventions = join(directory, 'conventions.yaml');
  writeFileSync(conventions, 'traceConventions:\n  requiredFields: [causationId]\n');
  server = await startServer({
    store: { kind: 'memory' },
    port: 0,
    otlpHttpPort: 0,
    otlpGrpcPort: 0,
    conventions,
  });
  // Something of everything that is told by label: a hop that lost its context, a dead letter, a broken rule, a refusal.
  await send('/v1/events', records());
  await send('/v1/traces', lostHop());
  await fetch(`${server.uiUrl}/api/propagation`);
  const text = await (await fetch(`${server.uiUrl}/metrics`)).text();
  for (const [, name] of text.matchAll(/^# TYPE (\S+) /gm)) exposed.set(name!, new Set());
  for (const [, name, labels = ''] of text.matchAll(/^([a-z_:][\w:]*)(?:\{(.*)\})? \S+$/gim)) {
    const known = exposed.get(name!) ?? new Set();
    exposed.set(name!, known);
    for (const [, label] of labels.matchAll(/([a-z_]\w*)="(?:[^"\\]|\\.)*"/gi)) known.add(label!);
  }
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function send(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const url = server.otlpHttpUrl + path;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

function records(): unknown[] {
  const event = {
    eventId: 'evt_1',
    eventName: 'order.placed',
    correlationId: 'order_1',
    producer: 'checkout',
  };
  const consumed = { ...event, consumerName: 'ledger', spanId: 'span_2' };
  return [
    event,
    { ...consumed, phase: 'failed', error: { type: 'UpstreamError', message: 'HTTP 503' } },
    { ...consumed, spanId: 'span_3', phase: 'dead-lettered' },
  ];
}

function lostHop(): unknown {
  const start = (BigInt(Date.now()) - 60_000n) * 1_000_000n;
  const attributes = Object.entries({
    'messaging.system': 'kafka',
    'messaging.destination.name': 'orders',
    'messaging.message.id': 'm-1',
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = (service: string, traceId: string, spanId: string, kind: number, name: string) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      {
        scope: {},
        spans: [
          {
            ...{ traceId, spanId, kind, name, attributes },
            startTimeUnixNano: `${start}`,
            endTimeUnixNano: `${start + 1_000_000n}`,
          },
        ],
      },
    ],
  });
  return {
    resourceSpans: [
      span('shop', 'a'.repeat(32), 'a'.repeat(16), 4, 'send orders'),
      span('mail', 'b'.repeat(32), 'b'.repeat(16), 5, 'process orders'),
      // No span: its ID is empty.
      span('shop', 'a'.repeat(32), '', 4, 'send orders'),
    ],
  };
}

function check(expr: string): void {
  const { metrics, groupedBy } = namesIn(expr);
  expect(metrics.length, expr).toBeGreaterThan(0);
  const there = new Set(OF_PROMETHEUS.labels);
  for (const { metric, labels } of metrics) {
    if (OF_PROMETHEUS.metrics.includes(metric)) continue;
    expect([...exposed.keys()], expr).toContain(metric);
    for (const label of exposed.get(metric)!) there.add(label);
    for (const label of labels)
      expect([...exposed.get(metric)!, ...OF_PROMETHEUS.labels], `${label} of ${metric}`).toContain(label);
  }
  for (const label of groupedBy) expect([...there], `${label} in ${expr}`).toContain(label);
}

describe('alerts for Prometheus', () => {
  const all = rules.groups.flatMap((group) => group.rules);

  it.each(all.map((rule) => [rule.alert, rule] as const))('%s asks for what is there', (_name, rule) => {
    check(rule.expr);
    const labels = namesIn(rule.expr).metrics.flatMap(({ metric }) => [...(exposed.get(metric) ?? [])]);
    const told = `${rule.annotations.summary} ${rule.annotations.description}`;
    for (const [, label] of told.matchAll(/\$labels\.(\w+)/g))
      expect([...labels, ...OF_PROMETHEUS.labels], `${label} in ${told}`).toContain(label);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
  });

  it('have names of their own', () => {
    expect(new Set(all.map(({ alert }) => alert)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(10);
  });
});

describe('the dashboard for Grafana', () => {
  const shown = dashboard.panels.filter(({ type }) => type !== 'row');

  it.each(shown.map((panel) => [panel.title, panel] as const))(
    '%s asks for what is there',
    (_title, panel) => {
      expect(panel.targets!.length).toBeGreaterThan(0);
      for (const { expr } of panel.targets!) check(expr.replaceAll('$__rate_interval', '5m'));
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
    },
  );

  it('knows the variables that it uses, and numbers its panels', () => {
    const known = ['__rate_interval', ...dashboard.templating.list.map(({ name }) => name)];
    for (const [, name] of JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g))
      expect([...known, '__all']).toContain(name);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('what the server exposes', () => {
  it('is in the rules or on the dashboard, where it is about workflows', () => {
    const queries = [
      ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ].join('\n');
    const about = [...exposed.keys()].filter((name) =>
      /^upshot_(workflows|hops|hop_|dead_letters|convention_)/.test(name),
    );
    expect(about.length).toBe(5);
    for (const name of about) expect(queries).toContain(name);
  });

  it('would be missed: the check finds metrics and labels that are not there', () => {
    expect(() => check('sum(rate(upshot_nothing_total[5m])) > 0')).toThrow();
    expect(() => check('upshot_workflows{colour="red"}')).toThrow();
    expect(() => check('sum by (colour) (upshot_workflows)')).toThrow();
    expect(() => check('upshot_workflows[')).toThrow(/bracket/);
  });
});
