import type { ModelAttribute, ModelLink, ModelRequest, ModelSpan, ModelValue } from './model.js';

export const TRACE_ID = Buffer.from('5b8efff798038103d269b633813fc60c', 'hex');
export const SPAN_ID = Buffer.from('eee19b7ec3c1b174', 'hex');
export const PARENT_ID = Buffer.from('00f067aa0ba902b7', 'hex');
export const NOW = 1_790_000_000_000_000_000n;

/** An honest span; give what is to be otherwise. */
export function sampleSpan(changes: Partial<ModelSpan> = {}): ModelSpan {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: PARENT_ID,
    traceState: '',
    name: 'reserve-inventory',
    kind: 1,
    start: NOW,
    end: NOW + 5_000_000n,
    attributes: [],
    droppedAttributes: 0,
    events: [],
    droppedEvents: 0,
    links: [],
    droppedLinks: 0,
    status: { code: 0, message: '' },
    flags: 0,
    ...changes,
  };
}

export function sampleLink(changes: Partial<ModelLink> = {}): ModelLink {
  return {
    traceId: TRACE_ID,
    spanId: PARENT_ID,
    traceState: '',
    attributes: [],
    dropped: 0,
    flags: 0,
    ...changes,
  };
}

export function requestOf(...spans: ModelSpan[]): ModelRequest {
  const scope = { name: 'test', version: '1', attributes: [], schemaUrl: '', spans };
  return [{ attributes: [textAttribute('service.name', 'orders')], schemaUrl: '', scopes: [scope] }];
}

export function textAttribute(key: string, value: string): ModelAttribute {
  return { key, value: { kind: 'text', value } };
}

export function intAttribute(key: string, value: number | bigint): ModelAttribute {
  return { key, value: { kind: 'int', value: BigInt(value) } };
}

/** A list in a list in a list…, so many levels deep. */
export function nested(levels: number): ModelValue {
  let value: ModelValue = { kind: 'text', value: 'bottom' };
  for (let i = 0; i < levels; i++) value = { kind: 'list', value: [value] };
  return value;
}
