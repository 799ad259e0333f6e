import { fitsAny } from './globs.js';
import { type CheckedPhase, DEFAULT_PHASES, type Field, type RulePhase, type Rules } from './Rules.js';
import type { Breach, Checked } from './Violation.js';

/** The required fields that something doesn't state, each once. */
export function checkFields({ requiredFields }: Rules, checked: Checked): Breach[] {
  if (requiredFields.length === 0) return [];
  const missing = new Set<Field>();
  for (const { field, phases, services } of requiredFields) {
    if (checked.states.has(field) || missing.has(field)) continue;
    if (isOf(checked.phase, phases ?? DEFAULT_PHASES[field]) && fitsAny(checked.service, services))
      missing.add(field);
  }
  return [...missing].map((field) => ({
    rule: `requiredFields.${field}`,
    name: checked.eventName,
    message: `${checked.service || 'A service without a name'} ${isConsumed(checked.phase) ? 'processes' : 'sends'} ${checked.eventName || 'an event'} without ${field}`,
    fix: fixOf(field, checked),
  }));
}

export function isConsumed(phase: CheckedPhase): boolean {
  return phase === 'processing' || phase === 'succeeded' || phase === 'failed' || phase === 'skipped';
}

function isOf(phase: CheckedPhase, phases: readonly RulePhase[]): boolean {
  return phases.includes(phase) || (isConsumed(phase) && phases.includes('consumed'));
}

/** The attribute that states a field on a span, and an example of it. Of several keys (see the vocabulary) the plainest. */
const SPAN_LINES: Readonly<Record<Field, string>> = {
  traceId: 'start the span through the OpenTelemetry API: every span has a trace ID',
  eventId: "span.setAttribute('messaging.message.id', 'evt_8821')",
  eventName: "span.setAttribute('upshot.event', 'order.placed')",
  correlationId: "span.setAttribute('messaging.message.conversation_id', 'order_441')",
  causationId: "span.setAttribute('upshot.causation_id', 'evt_8800')",
  consumerName: "span.setAttribute('upshot.consumer', 'warehouse')",
  producer: 'OTEL_SERVICE_NAME=checkout',
  destination: "span.setAttribute('messaging.destination.name', 'orders')",
  step: "span.setAttribute('upshot.step', 'reserve-inventory')",
  attempt: "span.setAttribute('upshot.attempt', 2)",
};
const RECORD_LINES: Readonly<Record<Field, string>> = {
  traceId: '"traceId": "4bf92f3577b34da6a3ce929d0e0e4736"',
  eventId: '"eventId": "evt_8821"',
  eventName: '"eventName": "order.placed"',
  correlationId: '"correlationId": "order_441"',
  causationId: '"causationId": "evt_8800"',
  consumerName: '"consumerName": "warehouse"',
  producer: '"producer": "checkout"',
  destination: '"destination": "orders"',
  step: '"step": "reserve-inventory"',
  attempt: '"attempt": 2',
};

function fixOf(field: Field, { service, isRecord, phase, eventName }: Checked): string {
  const where = service === '' ? 'the service' : service;
  const example = (line: string) => withOwnNames(line, service, eventName);
  if (isRecord) return `In ${where}, write into the event record: ${example(RECORD_LINES[field])}`;
  if (field === 'producer') return `Name ${where}: ${SPAN_LINES.producer}`;
  const span = isConsumed(phase) ? 'the span that processes it' : 'the span that publishes it';
  return `In ${where}, on ${span}: ${example(SPAN_LINES[field])}`;
}

/** The example with the names of whoever reads it, where they are plain enough to stand in code. */
function withOwnNames(line: string, service: string, eventName: string): string {
  const own = (text: string, example: string) => (/^[\w.-]{1,64}$/.test(text) ? text : example);
  return line
    .replace('warehouse', own(service, 'warehouse'))
    .replace('order.placed', own(eventName, 'order.placed'));
}
