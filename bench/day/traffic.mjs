// A shop's traffic as it changes over a day: services come and go, new versions are deployed, names hold IDs here and there.
import { randomBytes } from 'node:crypto';

const MILLI = 1_000_000n;
const HOUR = 3_600_000_000_000n;
/** Services at work at one time; every hour one of them goes for good, and one comes. */
const TEAM = 10;
/** Hours between two deploys of a service. */
const DEPLOY_HOURS = 3;
/** Of so many workflows one is special in a way. */
const ONE_IN = { fails: 20, idInName: 50, late: 33, twice: 50, records: 25 };

export const SPANS_PER_WORKFLOW = 10;

/**
 * A workflow that begins at a time: an order, three reactions in traces of their own, and what one of them sets in motion.
 * `now` goes out at once, `later` in the next step; `records` are event records. `spans`: how many different ones it has.
 */
export function workflow(number, startNano) {
  const hour = Number(startNano / HOUR);
  const key = `order-${randomBytes(6).toString('hex')}`;
  const is = (one) => number % ONE_IN[one] === 0;
  const event = is('idInName') ? `order.${key}.placed` : 'order.placed';
  const traces = Array.from({ length: 4 }, () => randomBytes(16).toString('hex'));
  const ids = Array.from({ length: SPANS_PER_WORKFLOW }, () => randomBytes(8).toString('hex'));
  const at = (ms) => startNano + BigInt(ms) * MILLI;
  const service = (n) => `team-${hour + ((number + n) % TEAM)}`;
  const span = (n, trace, who, name, kind, from, to, { parent, link, attributes = {}, error } = {}) => ({
    service: service(who),
    version: `1.${Math.floor(hour / DEPLOY_HOURS)}.0`,
    traceId: traces[trace],
    spanId: ids[n],
    ...(parent === undefined ? {} : { parentSpanId: ids[parent] }),
    name,
    kind,
    startTimeUnixNano: String(at(from)),
    endTimeUnixNano: String(at(to)),
    attributes: attributesOf({ 'messaging.message.conversation_id': key, ...attributes }),
    ...(link === undefined ? {} : { links: [{ traceId: traces[0], spanId: ids[link] }] }),
    ...(error === undefined ? {} : { status: { code: 2, message: error } }),
  });
  const message = (name, to) => ({
    'messaging.system': 'kafka',
    'messaging.destination.name': to,
    'messaging.message.id': `${key}-${to}`,
    'upshot.event': name,
  });
  const orders = message(event, 'orders');
  const payments = message('payment.authorized', 'payments');
  const spans = [
    span(0, 0, 0, is('idInName') ? `place order ${key}` : 'place-order', 2, 0, 30),
    span(1, 0, 0, 'orders publish', 4, 5, 9, { parent: 0, attributes: orders }),
    span(2, 1, 1, 'reserve-stock', 5, 40, 70, { link: 1, attributes: orders }),
    span(3, 1, 1, 'UPDATE stock', 3, 45, 60, { parent: 2 }),
    span(4, 2, 2, 'authorize-payment', 5, 50, 80, {
      link: 1,
      attributes: orders,
      ...(is('fails') ? { error: `card of ${key} refused` } : {}),
    }),
    span(5, 2, 2, 'POST', 3, 55, 75, { parent: 4 }),
    span(6, 2, 2, 'payments publish', 4, 76, 79, { parent: 4, attributes: payments }),
    span(7, 2, 3, 'book-entry', 5, 100, 120, { parent: 6, attributes: payments }),
    span(8, 3, 4, 'send-mail', 5, 60, 90, { link: 1, attributes: orders }),
    span(9, 3, 4, 'smtp', 3, 65, 85, { parent: 8 }),
  ];
  const cut = is('late') ? 8 : spans.length;
  const now = spans.slice(0, cut);
  if (is('twice')) now.push(...now.slice(0, 5));
  const records = is('records')
    ? [
        { phase: 'published', producer: service(0), startTimeUnixNano: String(at(130)) },
        { consumerName: 'ledger', startTimeUnixNano: String(at(150)), endTimeUnixNano: String(at(160)) },
      ].map((own) => ({
        eventId: `${key}-closed`,
        correlationId: key,
        eventName: 'order.closed',
        'deployment.environment.name': 'production',
        ...own,
      }))
    : [];
  return { key, spans: SPANS_PER_WORKFLOW, now, later: spans.slice(cut), records };
}

/** An OTLP/JSON body of these spans. */
export function bodyOf(spans) {
  const resources = new Map();
  for (const { service, version, ...span } of spans) {
    const name = `${service} ${version}`;
    const of = resources.get(name) ?? { service, version, spans: [] };
    of.spans.push(span);
    resources.set(name, of);
  }
  return JSON.stringify({
    resourceSpans: [...resources.values()].map(({ service, version, spans }) => ({
      resource: {
        attributes: attributesOf({
          'service.name': service,
          'service.version': version,
          'host.name': `${service}-${version}-0`,
          'deployment.environment.name': 'production',
        }),
      },
      scopeSpans: [{ scope: { name: 'shop' }, spans }],
    })),
  });
}

function attributesOf(values) {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
