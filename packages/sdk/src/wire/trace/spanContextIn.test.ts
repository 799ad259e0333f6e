import { describe, expect, it } from 'vitest';
import { incomingOf } from '../incomingOf.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const W3C = `00-${TRACE}-${SPAN}-01`;

function sender(headers: unknown): string | null {
  const found = incomingOf(headers).spanContext;
  return found === null ? null : `${found.traceId}-${found.spanId}-${found.traceFlags}`;
}

describe('the span that sent a message', () => {
  const found = `${TRACE}-${SPAN}-1`;
  const families: Record<string, unknown> = {
    W3C: { traceparent: W3C },
    'W3C in capitals': { Traceparent: W3C },
    'W3C of a later version': { traceparent: `cc-${TRACE}-${SPAN}-01-what-comes` },
    'W3C as bytes': { traceparent: Buffer.from(W3C) },
    'W3C sent twice': { traceparent: [Buffer.from(W3C), 'x'] },
    'W3C in a Map': new Map([['traceparent', Buffer.from(W3C)]]),
    'W3C in Headers': new Headers({ traceparent: W3C }),
    'W3C in pairs of bytes': [[Buffer.from('traceparent'), Buffer.from(W3C)]],
    Azure: { 'Diagnostic-Id': W3C },
    'Google Pub/Sub': { googclient_traceparent: W3C },
    MassTransit: { 'MT-Activity-Id': W3C },
    Wolverine: { 'parent-id': W3C },
    'CloudEvents, Kafka': { ce_traceparent: W3C },
    'CloudEvents, HTTP': { 'ce-traceparent': W3C },
    'CloudEvents, AMQP': { 'cloudEvents:traceparent': W3C },
    'CloudEvents, AMQP for JMS': { cloudEvents_traceparent: W3C },
    'B3 single': { b3: `${TRACE}-${SPAN}-1-05e3ac9a4f6e3b90` },
    'B3 single, debug': { b3: `${TRACE}-${SPAN}-d` },
    'B3 single, undecided': { b3: `${TRACE}-${SPAN}` },
    'B3 multi': { 'X-B3-TraceId': TRACE, 'X-B3-SpanId': SPAN, 'X-B3-Sampled': '1' },
    'B3 multi, debug': { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-flags': '1' },
    Jaeger: { 'uber-trace-id': `${TRACE}:${SPAN.replace(/^0+/, '')}:0:1` },
    'Jaeger, encoded': { 'uber-trace-id': `${TRACE}%3A${SPAN}%3A0%3A3` },
    OpenTracing: { 'ot-tracer-traceid': TRACE, 'ot-tracer-spanid': SPAN, 'ot-tracer-sampled': 'true' },
    'X-Ray': { 'X-Amzn-Trace-Id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${SPAN};Sampled=1` },
    'X-Ray of SQS': {
      AWSTraceHeader: `Sampled=1;Parent=${SPAN};Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}`,
    },
    Datadog: {
      'x-datadog-trace-id': BigInt(`0x${TRACE.slice(16)}`).toString(),
      'x-datadog-parent-id': BigInt(`0x${SPAN}`).toString(),
      'x-datadog-sampling-priority': '2',
      'x-datadog-tags': `_dd.p.dm=-1,_dd.p.tid=${TRACE.slice(0, 16)}`,
    },
    'Datadog as JSON': {
      _datadog: JSON.stringify({
        'x-datadog-trace-id': BigInt(`0x${TRACE.slice(16)}`).toString(),
        'x-datadog-parent-id': BigInt(`0x${SPAN}`).toString(),
        'x-datadog-tags': `_dd.p.tid=${TRACE.slice(0, 16)}`,
      }),
    },
  };
  for (const [family, headers] of Object.entries(families))
    it(`is read from ${family}`, () => expect(sender(headers)).toBe(found));

  it('has its 64-bit trace ID filled up on the left', () => {
    const short = '463ac35c9f6413ad';
    const padded = `${'0'.repeat(16)}${short}-${SPAN}-1`;
    expect(sender({ b3: `${short}-${SPAN}-1` })).toBe(padded);
    expect(sender({ 'uber-trace-id': `${short}:${SPAN}:0:1` })).toBe(padded);
    const parent = BigInt(`0x${SPAN}`).toString();
    const datadog = { 'x-datadog-trace-id': BigInt(`0x${short}`).toString(), 'x-datadog-parent-id': parent };
    expect(sender(datadog)).toBe(padded);
  });

  it('is not sampled where the sender says so', () => {
    const not = `${TRACE}-${SPAN}-0`;
    expect(sender({ traceparent: `00-${TRACE}-${SPAN}-00` })).toBe(not);
    expect(sender({ b3: `${TRACE}-${SPAN}-0` })).toBe(not);
    expect(sender({ 'uber-trace-id': `${TRACE}:${SPAN}:0:0` })).toBe(not);
    expect(sender({ 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '0' })).toBe(not);
  });

  it('is the one of W3C where several families speak, and a rightly written one where W3C is not', () => {
    const other = `${'1'.repeat(32)}-${'2'.repeat(16)}-1`;
    expect(sender({ traceparent: W3C, b3: other })).toBe(found);
    expect(sender({ traceparent: 'nonsense', b3: other })).toBe(other);
    expect(sender({ ce_traceparent: W3C, b3: other })).toBe(other);
  });

  it('is nobody where the IDs are none', () => {
    for (const headers of [
      { traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` },
      { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` },
      { traceparent: `ff-${TRACE}-${SPAN}-01` },
      { traceparent: `00-${TRACE}-${SPAN}-01-more` },
      { b3: '0' },
      { 'uber-trace-id': `${TRACE}:${SPAN}` },
      { 'x-b3-traceid': TRACE },
      { 'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}` },
      { 'x-datadog-trace-id': '18446744073709551616', 'x-datadog-parent-id': '1' },
      { _datadog: '{"x-datadog-trace-id":' },
    ])
      expect(sender(headers), JSON.stringify(headers)).toBeNull();
  });

  it('brings its tracestate', () => {
    const { spanContext } = incomingOf({ traceparent: W3C, tracestate: 'vendor=value,other=1' });
    expect(spanContext?.traceState?.get('other')).toBe('1');
  });
});
