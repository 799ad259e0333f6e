import type { Checked, Violation } from '@upshot/conventions';

/** What to write in code that uses this SDK, by rule; other rules keep their own advice. */
const OF_PUBLISH: Readonly<Record<string, string>> = {
  'requiredFields.correlationId':
    "Wrap what begins the workflow: upshot.workflow('order_441', () => …), or give publish({ correlationId: 'order_441' }).",
  'requiredFields.causationId': "Publish within process(), or give publish({ causationId: 'evt_8800' }).",
  'requiredFields.eventName': "Name it: publish({ event: 'order.placed' }).",
  'requiredFields.destination': "Say where it goes: publish({ destination: 'orders' }).",
  'requiredFields.producer':
    "Name the service: configureUpshot({ service: 'checkout' }) or OTEL_SERVICE_NAME=checkout.",
  'requiredFields.traceId':
    'Register a tracer: await startUpshot({ service, endpoint }) of @upshot/sdk-node.',
  eventNames: "Name it as agreed: publish({ event: '…' }), or add it to eventNames.",
};
const OF_ATTEMPT: Readonly<Record<string, string>> = {
  'requiredFields.consumerName': "Name the consumer: process({ consumer: 'warehouse' }).",
  'requiredFields.step': "Name the work: process({ step: 'reserve-inventory' }).",
  'requiredFields.attempt': 'Give the number of the attempt, from 1: process({ attempt: 2 }).',
  'requiredFields.eventName': "Name it: process({ event: 'order.placed' }), or publish it with its name.",
  'requiredFields.traceId':
    'Register a tracer: await startUpshot({ service, endpoint }) of @upshot/sdk-node.',
  'spanNaming.style': "Say what is done: process({ step: 'reserve-inventory' }).",
  'spanNaming.pattern': "Name the step as agreed: process({ step: '…' }).",
};
const AT_THE_SENDER: Readonly<Record<string, string>> = {
  'requiredFields.eventId':
    'Its sender gave it no ID: publish it with upshot.publish(), or set the header upshot-event-id there.',
  'requiredFields.correlationId':
    'Its sender gave it none: wrap what begins the workflow there in upshot.workflow(), or set the header upshot-correlation-id.',
  'requiredFields.causationId': 'Its sender gave it none: publish it there within process().',
};

export function lineFor({ rule, fix }: Violation, { phase }: Checked): string {
  const table = phase === 'published' ? OF_PUBLISH : { ...OF_ATTEMPT, ...AT_THE_SENDER };
  return table[rule] ?? fix;
}
