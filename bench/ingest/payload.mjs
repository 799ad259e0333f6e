// OTLP/protobuf bodies of realistic event-driven workflows, made once and then given fresh IDs for every request.
import { randomFillSync } from 'node:crypto';

const encoder = new TextEncoder();

class Writer {
  parts = [];
  varint(value) {
    const bytes = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    this.parts.push(Buffer.from(bytes));
    return this;
  }
  tag(field, wireType) {
    return this.varint((field << 3) | wireType);
  }
  bytes(field, value) {
    this.tag(field, 2).varint(value.length).parts.push(Buffer.from(value));
    return this;
  }
  text(field, value) {
    return this.bytes(field, encoder.encode(value));
  }
  int(field, value) {
    return this.tag(field, 0).varint(value);
  }
  fixed64(field, value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    this.tag(field, 1).parts.push(bytes);
    return this;
  }
  done() {
    return Buffer.concat(this.parts);
  }
}

const attribute = (key, value) => {
  const any = typeof value === 'number' ? new Writer().int(3, value) : new Writer().text(1, value);
  return new Writer().text(1, key).bytes(2, any.done()).done();
};

/** Sixteen characters that every request replaces by random ones. */
const MARK = '~~business-id~~~';

/** A workflow: an order is placed, four consumers react, one of them fails once, two publish on. `parent` counts from 0. */
const WORKFLOW = [
  { service: 'storefront', name: 'submit-order', kind: 2 },
  { service: 'storefront', name: 'send orders', kind: 4, parent: 0, event: 'order.submitted', to: 'orders' },
  { service: 'stock', name: 'hold-stock', kind: 5, parent: 1, event: 'order.submitted', to: 'orders' },
  { service: 'stock', name: 'SELECT stock_levels', kind: 3, parent: 2 },
  { service: 'stock', name: 'send stock', kind: 4, parent: 2, event: 'stock.held', to: 'stock' },
  {
    service: 'billing',
    name: 'charge-card',
    kind: 5,
    parent: 1,
    event: 'order.submitted',
    to: 'orders',
    fails: true,
  },
  { service: 'billing', name: 'charge-card', kind: 5, parent: 1, event: 'order.submitted', to: 'orders' },
  { service: 'billing', name: 'POST', kind: 3, parent: 6 },
  { service: 'billing', name: 'send billing', kind: 4, parent: 6, event: 'card.charged', to: 'billing' },
  { service: 'reporting', name: 'count-order', kind: 5, parent: 1, event: 'order.submitted', to: 'orders' },
  { service: 'mailer', name: 'mail-receipt', kind: 5, parent: 1, event: 'order.submitted', to: 'orders' },
  { service: 'mailer', name: 'smtp send', kind: 3, parent: 10 },
  { service: 'depot', name: 'print-label', kind: 5, parent: 4, event: 'stock.held', to: 'stock' },
  { service: 'depot', name: 'PUT', kind: 3, parent: 12 },
  { service: 'books', name: 'post-entry', kind: 5, parent: 8, event: 'card.charged', to: 'billing' },
  { service: 'books', name: 'INSERT entries', kind: 3, parent: 14 },
];
export const SPANS_PER_WORKFLOW = WORKFLOW.length;

function attributesOf(step, workflow, seed) {
  if (step.event === undefined) {
    return [
      attribute('server.address', `${step.service}-db.internal`),
      attribute('server.port', 5432),
      attribute('db.system.name', 'postgresql'),
      attribute('db.namespace', step.service),
      attribute('db.query.text', `SELECT * FROM t WHERE id = $1 -- ${workflow % 50}`),
      attribute('network.peer.address', '10.0.3.17'),
      attribute('thread.id', 11),
    ];
  }
  const consumes = step.kind === 5;
  return [
    attribute('messaging.system', 'kafka'),
    attribute('messaging.destination.name', step.to),
    attribute('messaging.operation.type', consumes ? 'process' : 'send'),
    attribute('messaging.message.id', `m-${MARK}-${workflow}-${step.event}`),
    attribute('messaging.message.conversation_id', `order-${MARK}-${workflow}`),
    attribute('messaging.destination.partition.id', String(workflow % 24)),
    attribute('messaging.kafka.offset', 7_000_000 + seed * 10_000 + workflow),
    attribute('messaging.client.id', `${step.service}-6d9c`),
    ...(consumes ? [attribute('messaging.consumer.group.name', step.service)] : []),
  ];
}

/** A body of about `spans` spans whose IDs `fresh` replaces. */
export function template(spans, seed = 0) {
  const base = BigInt(Date.now() - 30_000) * 1_000_000n;
  const workflows = Math.max(1, Math.round(spans / SPANS_PER_WORKFLOW));
  const byService = new Map();
  for (let w = 0; w < workflows; w++) {
    const traceId = Buffer.from(`TRACE-${String(w).padStart(9, '0')}#`);
    const spanId = (i) => Buffer.from(`S${String(w * SPANS_PER_WORKFLOW + i).padStart(6, '0')}#`);
    WORKFLOW.forEach((step, i) => {
      const start = base + BigInt(w * 1_700_003 + i * 2_900_017);
      const span = new Writer().bytes(1, traceId).bytes(2, spanId(i));
      if (step.parent !== undefined) span.bytes(4, spanId(step.parent));
      span.text(5, step.name).int(6, step.kind).fixed64(7, start);
      span.fixed64(8, start + BigInt(1_000_000 + ((w * 7919 + i * 104_729) % 8_000_000)));
      for (const one of attributesOf(step, w, seed)) span.bytes(9, one);
      if (step.fails) {
        const event = new Writer().fixed64(1, start + 5n).text(2, 'exception');
        event.bytes(3, attribute('exception.type', 'TimeoutError'));
        event.bytes(3, attribute('exception.message', 'card gateway took 5 s'));
        span.bytes(11, event.done());
        span.bytes(15, new Writer().text(2, 'card gateway took 5 s').int(3, 2).done());
      }
      span.tag(16, 5).parts.push(Buffer.from([1, 1, 0, 0]));
      if (!byService.has(step.service)) byService.set(step.service, []);
      byService.get(step.service).push(span.done());
    });
  }
  const request = new Writer();
  for (const [service, list] of byService) {
    const resource = new Writer();
    for (const [key, value] of [
      ['service.name', service],
      ['service.version', '2.3.1'],
      ['deployment.environment.name', 'production'],
      ['host.name', 'worker-4'],
      ['telemetry.sdk.language', 'nodejs'],
      ['telemetry.sdk.version', '2.12.1'],
    ]) {
      resource.bytes(1, attribute(key, value));
    }
    const scope = new Writer().text(1, '@opentelemetry/instrumentation-kafkajs').text(2, '0.32.0');
    const scopeSpans = new Writer().bytes(1, scope.done());
    for (const span of list) scopeSpans.bytes(2, span);
    request.bytes(1, new Writer().bytes(1, resource.done()).bytes(2, scopeSpans.done()).done());
  }
  const body = request.done();
  return { body, spans: workflows * SPANS_PER_WORKFLOW, workflows, ...patches(body) };
}

/** Where IDs stand in a body, and whose they are. */
function patches(body) {
  const find = (needle, at) => {
    const found = [];
    for (let i = body.indexOf(needle); i >= 0; i = body.indexOf(needle, i + needle.length)) found.push(at(i));
    return found;
  };
  const number = (from, length) => Number(body.toString('latin1', from, from + length));
  return {
    traces: find('TRACE-', (i) => [i, number(i + 6, 9)]),
    ids: find(Buffer.from([8, 0x53]), (i) => [i + 1, number(i + 2, 6)]).filter(([, n]) => !Number.isNaN(n)),
    texts: find(MARK, (i) => [
      i,
      Number.parseInt(body.toString('latin1', i + MARK.length + 1, i + MARK.length + 8), 10),
    ]),
  };
}

/** A copy of a template's body in which all IDs are random, and the correlation ID of its first workflow. */
export function fresh({ body, spans, workflows, traces, ids, texts }) {
  const random = Buffer.allocUnsafe(workflows * 24 + spans * 8);
  randomFillSync(random);
  const copy = Buffer.from(body);
  const idsFrom = workflows * 24;
  for (const [at, w] of traces) random.copy(copy, at, w * 24, w * 24 + 16);
  for (const [at, n] of ids) random.copy(copy, at, idsFrom + n * 8, idsFrom + n * 8 + 8);
  for (const [at, w] of texts) copy.latin1Write(random.hexSlice(w * 24 + 16, w * 24 + 24), at, 16);
  return { body: copy, key: `order-${random.hexSlice(16, 24)}-0` };
}
