import { randomBytes } from 'node:crypto';

/**
 * One workflow of 16 spans over six traces, as OTLP/JSON: a shop publishes an order, five consumers take it up in traces of their own by links, one of
 * them after a failed attempt. Returns the body, and the IDs by which it can be asked for.
 */
export function overSixTraces(startNanos, serial) {
  const id = randomBytes(8).toString('hex');
  const correlationId = `bundle_${id}`;
  const eventId = `evt_${id}`;
  const text = (key, value) => ({ key, value: { stringValue: value } });
  const newTrace = () => randomBytes(16).toString('hex');
  let at = startNanos;
  const span = (traceId, name, kind, more = {}) => {
    at += 3_000_000n;
    const attributes = [
      text('server.address', 'broker-1.internal'),
      text('thread.name', `worker-${serial % 8}`),
    ];
    return {
      traceId,
      spanId: randomBytes(8).toString('hex'),
      name,
      kind,
      startTimeUnixNano: `${at}`,
      endTimeUnixNano: `${at + 2_000_000n}`,
      ...more,
      attributes: [...attributes, ...(more.attributes ?? [])],
    };
  };
  const message = (operation) => [
    text('messaging.system', 'kafka'),
    text('messaging.destination.name', 'bundles'),
    text('messaging.operation.type', operation),
    text('messaging.message.id', eventId),
    text('messaging.message.conversation_id', correlationId),
  ];

  const traceId = newTrace();
  const root = span(traceId, 'place-bundle', 2);
  const query = span(traceId, 'INSERT bundles', 3, { parentSpanId: root.spanId });
  const sent = span(traceId, 'send bundles', 4, { parentSpanId: root.spanId, attributes: message('send') });
  const services = [['shop', [root, query, sent]]];
  for (const service of ['stock', 'billing', 'mailer', 'depot', 'books']) {
    const own = newTrace();
    const process = (more = {}) =>
      span(own, `take-${service}`, 5, {
        links: [{ traceId, spanId: sent.spanId }],
        attributes: [...message('process'), text('messaging.consumer.group.name', service)],
        ...more,
      });
    const spans = [];
    if (service === 'billing') spans.push(process({ status: { code: 2, message: 'HTTP 503' } }));
    const attempt = process();
    spans.push(attempt, span(own, 'UPDATE', 3, { parentSpanId: attempt.spanId }));
    if (service === 'stock' || service === 'depot')
      spans.push(span(own, 'SELECT', 3, { parentSpanId: attempt.spanId }));
    services.push([service, spans]);
  }
  const resourceSpans = services.map(([service, spans]) => ({
    resource: { attributes: [text('service.name', service)] },
    scopeSpans: [{ scope: { name: 'bench' }, spans }],
  }));
  return { body: { resourceSpans }, ids: { correlationId, traceId, eventId } };
}
