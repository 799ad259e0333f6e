// Workflows of any size, as spans of OTLP/JSON.

export const NOW = BigInt(Date.now()) * 1_000_000n;
const hex = (n, length) => n.toString(16).padStart(length, '0');
export const text = (key, value) => ({ key, value: { stringValue: value } });

/** Spans of one workflow of about `size` spans: an action, and what `grow` adds to it. `number` tells it apart from others; its key is `order_{number}`. */
export function workflow(size, grow, number = 1) {
  const spans = [];
  const idOf = (n) => hex(number * 2 ** 32 + n + 1, 16);
  const add = (span) => {
    const n = spans.length;
    spans.push({
      traceId: hex(number, 32),
      spanId: idOf(n),
      startTimeUnixNano: String(NOW - 600_000_000_000n + BigInt(n) * 10_000n),
      endTimeUnixNano: String(NOW - 600_000_000_000n + BigInt(n) * 10_000n + 5_000n),
      ...span,
    });
    return idOf(n);
  };
  const about = (name, operation, id) => [
    text('messaging.system', 'kafka'),
    text('messaging.destination.name', name),
    text('messaging.operation.type', operation),
    text('messaging.message.id', `evt-${id}`),
    text('messaging.message.conversation_id', `order_${number}`),
  ];
  const publish = (name, parent, more = {}) =>
    add({
      name: `send ${name}`,
      kind: 4,
      parentSpanId: parent,
      attributes: about(name, 'send', idOf(spans.length)),
      ...more,
    });
  const process = (name, event, group, failed = false, more = { parentSpanId: event }) =>
    add({
      name: `process ${name}`,
      kind: 5,
      attributes: [...about(name, 'process', event), text('messaging.consumer.group.name', group)],
      ...(failed ? { status: { code: 2, message: 'HTTP 503' } } : {}),
      ...more,
    });
  const call = (parent, more = {}) =>
    add({
      name: 'UPDATE stock',
      kind: 3,
      parentSpanId: parent,
      attributes: [text('db.system.name', 'postgresql')],
      ...more,
    });
  const newTrace = () => hex(number * 2 ** 32 + spans.length + 1, 32);
  const root = add({ name: 'place-order', kind: 2, attributes: [] });
  grow({ size, spans, root, publish, process, call, newTrace });
  return spans;
}

export const SHAPES = {
  // one event, n consumers with a call each: a fan-out
  wide({ size, spans, root, publish, process, call }) {
    const event = publish('orders', root);
    for (let i = 0; spans.length < size; i++) call(process('orders', event, `consumer-${i}`, i % 100 === 0));
  },
  // every consumer publishes on to three others, some retry: what real workflows look like, only larger
  bushy({ size, spans, root, publish, process, call }) {
    const open = [root];
    for (let at = open.shift(); spans.length < size; at = open.shift()) {
      const event = publish('orders', at);
      for (const group of ['billing', 'stock', 'mail']) {
        if (group === 'billing') process('orders', event, group, true);
        const attempt = process('orders', event, group);
        call(attempt);
        open.push(attempt);
      }
    }
  },
  // each consumer publishes to one other: a chain as long as the workflow
  deep({ size, spans, root, publish, process }) {
    for (let at = root; spans.length < size; ) at = process('orders', publish('orders', at), 'billing');
  },
  // one action publishes each message, and one consumer works on each: an import
  pairs({ size, spans, root, publish, process }) {
    while (spans.length < size) process('orders', publish('orders', root), 'billing');
  },
  // as bushy, but each consumer works in a trace of its own that links to the publish
  apart({ size, spans, root, publish, process, call, newTrace }) {
    const { traceId } = spans[0];
    const open = [{ at: root, trace: { traceId } }];
    for (let next = open.shift(); spans.length < size; next = open.shift()) {
      const event = publish('orders', next.at, next.trace);
      const links = [{ traceId: next.trace.traceId, spanId: event }];
      for (const group of ['billing', 'stock', 'mail']) {
        const trace = { traceId: newTrace() };
        if (group === 'billing') process('orders', event, group, true, { ...trace, links });
        const attempt = process('orders', event, group, false, { ...trace, links });
        call(attempt, trace);
        open.push({ at: attempt, trace });
      }
    }
  },
};
