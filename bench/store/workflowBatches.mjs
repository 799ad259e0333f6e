// Spans of an order workflow as span batches: 16 spans in one trace, three events, a retry, about ten attributes a span, 480 bytes each on
// the wire. Trace, span and business IDs are random in all their bytes, so that nothing compresses by accident. The first workflow of each
// batch has a consumer that links to its producer.
import { randomFillSync } from 'node:crypto';
import { hashKeyInto, KeyKind, linkId, ProtobufWriter, positionId } from '@upshot/model';

/** service, name, kind, index of the parent, event that a producer publishes */
const SHAPE = [
  ['checkout-api', 'place-order', 2, -1],
  ['checkout-api', 'orders publish', 4, 0, 'order.placed'],
  ['inventory-service', 'reserve-inventory', 5, 1],
  ['inventory-service', 'UPDATE stock', 3, 2],
  ['inventory-service', 'inventory publish', 4, 2, 'inventory.reserved'],
  ['payment-service', 'authorize-payment', 5, 1],
  ['payment-service', 'authorize-payment', 5, 1],
  ['payment-service', 'POST /charges', 3, 6],
  ['payment-service', 'payments publish', 4, 6, 'payment.authorized'],
  ['summary-service', 'project-order-summary', 5, 1],
  ['mail-service', 'send-order-confirmation', 5, 1],
  ['mail-service', 'POST /send', 3, 10],
  ['warehouse-service', 'send-warehouse-webhook', 5, 4],
  ['warehouse-service', 'POST /hooks', 3, 12],
  ['ledger-service', 'book-ledger-entry', 5, 8],
  ['ledger-service', 'INSERT ledger', 3, 14],
];
export const SPANS_PER_WORKFLOW = SHAPE.length;
const PRODUCER = 1;
const LINKING_CONSUMER = 9;
const PARTITIONS = 12;
const ID_MARK = 'X'.repeat(16);
const OFFSET_MARK = '9'.repeat(12);
const encoder = new TextEncoder();

const names = [...new Set(SHAPE.map(([, name]) => name))];
const services = [...new Set(SHAPE.map(([service]) => service))];
const sources = services.map((service) => encodeSourceOf(service));
const templates = SHAPE.map((_, i) => templateOf(i));

/**
 * A batch of `workflows` workflows whose roots start at `startNanos + i * stepNanos`.
 * `serial` counts workflows over all batches: broker offsets follow it.
 * Returns the batch and for each workflow its business ID (`order_<id>`, `evt_<id><event>`), trace, producer span and broker position.
 */
export function workflowBatch(workflows, startNanos, stepNanos, serial) {
  const rows = workflows * SPANS_PER_WORKFLOW;
  const random = randomFillSync(Buffer.allocUnsafe(workflows * 24 + rows * 8));
  const traceIds = new Uint8Array(rows * 16);
  const spanIds = new Uint8Array(rows * 8);
  const parentSpanIds = new Uint8Array(rows * 8);
  const starts = new BigUint64Array(rows);
  const durations = new BigInt64Array(rows);
  const kinds = new Uint8Array(rows);
  const statuses = new Uint8Array(rows);
  const entries = new Uint8Array(rows);
  const nameIndexes = new Uint32Array(rows);
  const serviceIndexes = new Uint32Array(rows);
  const tailEnds = new Uint32Array(rows);
  const keyEnds = new Uint32Array(rows);
  const tails = Buffer.allocUnsafe(workflows * templates.reduce((sum, { tail }) => sum + tail.length, 0));
  const halves = new Uint32Array(rows * 6);
  const ids = [];
  let tailAt = 0;
  let keyAt = 0;
  let row = 0;
  for (let w = 0; w < workflows; w++) {
    const trace = random.subarray(w * 24, w * 24 + 16);
    const id = random.toString('hex', w * 24 + 16, w * 24 + 24);
    const offset = String(100_000_000_000 + Math.floor((serial + w) / PARTITIONS));
    const partition = (serial + w) % PARTITIONS;
    const spanAt = workflows * 24 + w * SPANS_PER_WORKFLOW * 8;
    const start = startNanos + BigInt(w) * stepNanos;
    ids.push({
      id,
      trace: trace.toString('hex'),
      span: random.toString('hex', spanAt + PRODUCER * 8, spanAt + PRODUCER * 8 + 8),
      offset,
      partition,
    });
    for (let i = 0; i < SPANS_PER_WORKFLOW; i++, row++) {
      const [, , kind, parent] = SHAPE[i];
      const template = templates[i];
      traceIds.set(trace, row * 16);
      spanIds.set(random.subarray(spanAt + i * 8, spanAt + i * 8 + 8), row * 8);
      if (parent >= 0)
        parentSpanIds.set(random.subarray(spanAt + parent * 8, spanAt + parent * 8 + 8), row * 8);
      starts[row] = start + BigInt(i * 3_700_123);
      durations[row] = BigInt(2_000_000 + (((serial + w) * 7919 + i * 104_729) % 9_000_000));
      kinds[row] = kind;
      statuses[row] = i === 5 ? 2 : 0;
      entries[row] = i === 0 ? 1 : kind === 5 ? 2 : 0;
      nameIndexes[row] = template.name;
      serviceIndexes[row] = template.service;
      tails.set(template.tail, tailAt);
      for (const at of template.idsAt) tails.latin1Write(id, tailAt + at, 16);
      if (template.offsetAt >= 0) {
        tails.latin1Write(offset, tailAt + template.offsetAt, 12);
        tails[tailAt + template.partitionAt] = 0x30 + Math.floor(partition / 10);
        tails[tailAt + template.partitionAt + 1] = 0x30 + (partition % 10);
        keyAt = addKeys(halves, keyAt, id, template.event, template.destination, partition, offset);
        if (w === 0 && i === LINKING_CONSUMER) {
          const link = { traceId: ids[0].trace, spanId: ids[0].span };
          keyAt = addKey(halves, keyAt, KeyKind.link, linkId(link.traceId, link.spanId));
          ids[0].link = link;
        }
      }
      tailAt += template.tail.length;
      tailEnds[row] = tailAt;
      keyEnds[row] = keyAt / 2;
    }
  }
  const bytesOf = (words) => new Uint8Array(words.buffer, 0, rows * 8);
  const batch = {
    rows,
    traceIds,
    spanIds,
    parentSpanIds,
    starts: bytesOf(starts),
    durations: bytesOf(durations),
    kinds,
    statuses,
    entries,
    names: { values: names, indexes: nameIndexes },
    services: { values: services, indexes: serviceIndexes },
    sources: { values: sources, indexes: serviceIndexes },
    tails: { bytes: tails.subarray(0, tailAt), ends: tailEnds },
    keys: { halves: halves.subarray(0, keyAt), ends: keyEnds },
  };
  return { batch, ids };
}

const scratch = Buffer.alloc(128);
function addKey(halves, at, kind, text) {
  hashKeyInto(halves, at, kind, scratch, 0, scratch.latin1Write(text, 0));
  return at + 2;
}

function addKeys(halves, at, id, event, destination, partition, offset) {
  let to = addKey(halves, at, KeyKind.event, `evt_${id}${event}`);
  to = addKey(halves, to, KeyKind.correlation, `order_${id}`);
  return addKey(halves, to, KeyKind.event, positionId(destination, String(partition), offset));
}

function templateOf(i) {
  const [service, name, kind, parent, published] = SHAPE[i];
  const event = published ?? (kind === 5 ? SHAPE[parent][4] : undefined);
  const writer = new ProtobufWriter(1024);
  const attribute = (key, value) => writer.bytes(9, keyValue(key, value));
  const destination = event?.split('.')[0];
  if (event) {
    attribute('messaging.system', 'kafka');
    attribute('messaging.destination.name', destination);
    attribute('messaging.operation.type', kind === 4 ? 'send' : 'process');
    attribute('messaging.message.id', `evt_${ID_MARK}${event}`);
    attribute('messaging.message.conversation_id', `order_${ID_MARK}`);
    attribute('messaging.destination.partition.id', '00');
    attribute('messaging.kafka.offset', OFFSET_MARK);
    if (kind === 5) attribute('messaging.consumer.group.name', service);
    attribute('messaging.client.id', `${service}-7c9f`);
  } else {
    attribute('server.address', 'db.internal');
    attribute('server.port', '5432');
    attribute('network.protocol.version', '1.1');
    attribute('http.response.status_code', '200');
    attribute('url.full', `https://api.internal/v1/things/${i}`);
    attribute('user_agent.original', 'undici');
    attribute('thread.id', '1');
    attribute('code.function.name', name);
  }
  const tail = Buffer.from(writer.finish());
  const offsetAt = tail.indexOf(OFFSET_MARK);
  return {
    name: names.indexOf(name),
    service: services.indexOf(service),
    tail,
    event,
    destination,
    idsAt: occurrences(tail, ID_MARK),
    offsetAt,
    partitionAt: tail.indexOf('partition.id') + 'partition.id'.length + 4,
  };
}

function occurrences(bytes, mark) {
  const found = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) found.push(at);
  return found;
}

function keyValue(key, value) {
  const inner = new ProtobufWriter(64);
  inner.text(1, value);
  const writer = new ProtobufWriter(128);
  writer.text(1, key);
  writer.bytes(2, inner.finish());
  return writer.finish();
}

function encodeSourceOf(service) {
  const resource = new ProtobufWriter(256);
  for (const [key, value] of [
    ['service.name', service],
    ['service.version', '1.4.2'],
    ['deployment.environment.name', 'prod'],
    ['host.name', 'node-17'],
    ['telemetry.sdk.language', 'nodejs'],
  ])
    resource.bytes(1, keyValue(key, value));
  const scope = new ProtobufWriter(128);
  scope.bytes(1, encoder.encode('@opentelemetry/instrumentation-kafkajs'));
  scope.bytes(2, encoder.encode('0.32.0'));
  const source = new ProtobufWriter(512);
  source.bytes(1, resource.finish());
  source.bytes(2, scope.finish());
  return source.finish();
}
