import type { AttemptDraft } from '../../graph/nodes.js';

/** What to change where a message loses its context, by messaging system. */
const INJECT: Readonly<Record<string, string>> = {
  kafka:
    'write `traceparent` into the message headers (propagation.inject(context.active(), headers)), or switch on the Kafka instrumentation of its client',
  rabbitmq:
    'write `traceparent` into `properties.headers` (propagation.inject(context.active(), headers)), or switch on the AMQP instrumentation of its client',
  bullmq: 'give the Queue a `telemetry` (new BullMQOtel(…)), which puts the context into the job',
  aws_sqs:
    'write `traceparent` into the MessageAttributes (at most ten; none is left over when all are used)',
};
const EXTRACT: Readonly<Record<string, string>> = {
  kafka:
    'read `traceparent` from the message headers (propagation.extract(context.active(), headers)) and start the process span in that context or with a link to it',
  rabbitmq:
    'read `traceparent` from `properties.headers` (propagation.extract(context.active(), headers)) and start the process span in that context or with a link to it',
  bullmq: 'give the Worker the same `telemetry` as the Queue',
  aws_sqs:
    'ask for the attributes (MessageAttributeNames: ["All"]) and start the process span in the context that they carry, or with a link to it',
};

/** The change that would mend the hop, addressed to the side at fault. */
export function propagationFix(
  { event, reading, consumer }: AttemptDraft,
  fault: 'producer' | 'consumer',
): string {
  const system = event.system ?? reading.system ?? '';
  if (fault === 'consumer') {
    const what =
      EXTRACT[system] ??
      'extract `traceparent` from what carries the message and start the process span in that context or with a link to it';
    return `In ${consumer}: ${what}.`;
  }
  const who = event.producer === '' ? 'the producer' : event.producer;
  const what =
    INJECT[system] ??
    'inject `traceparent` into what carries the message (propagation.inject(context.active(), carrier))';
  return `In ${who}: ${what}.`;
}
