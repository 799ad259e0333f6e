import type { Attributes } from '@upshot/model';

/** The names under which instrumentations know one messaging system (MESSAGING evidence: "system value aliases"). */
const ALIASES: Readonly<Record<string, string>> = {
  'aws.sqs': 'aws_sqs',
  amazonsqs: 'aws_sqs',
  'aws.sns': 'aws_sns',
  'azure.servicebus': 'servicebus',
  'azure.eventhubs': 'eventhubs',
  'azure.eventgrid': 'eventgrid',
  'gcp.pubsub': 'gcp_pubsub',
  pubsub: 'gcp_pubsub',
  'apache.kafka': 'kafka',
};

/** Systems that only attributes of their own name: a key that says one → its name. */
const KEYS: readonly (readonly [key: string, system: string])[] = [
  ['bullmq.queue.name', 'bullmq'],
  ['kafka.topic', 'kafka'],
  ['jms.queue', 'jms'],
  ['jms.topic', 'jms'],
  ['rabbit.queue', 'rabbitmq'],
  ['rabbit.exchange', 'rabbitmq'],
  ['amqp.queue', 'rabbitmq'],
  ['amqp.exchange', 'rabbitmq'],
  ['spring.rabbit.listener.id', 'rabbitmq'],
  ['spring.rabbit.template.name', 'rabbitmq'],
  ['messaging.rabbitmq.destination.routing_key', 'rabbitmq'],
  ['pubsub.subscription', 'gcp_pubsub'],
  ['pubsub.topic', 'gcp_pubsub'],
  ['aws.sqs.queue.url', 'aws_sqs'],
  ['aws.queue_url', 'aws_sqs'],
  ['aws.queue.url', 'aws_sqs'],
  ['aws.sns.topic.arn', 'aws_sns'],
];

/** The messaging system of a span that does not say it otherwise; null where no attribute is any system's own. */
export function systemByKeys(attributes: Attributes): string | null {
  for (const [key, system] of KEYS) if (attributes.has(key)) return system;
  return null;
}

/** One name per messaging system. */
export function systemName(said: string): string {
  const lower = said.toLowerCase();
  return ALIASES[lower] ?? lower;
}

/** Systems in which a message lies in one queue, so that the queue is the consumer where nothing names it better. */
const QUEUE_ONLY: ReadonlySet<string> = new Set(['aws_sqs', 'bullmq']);
/** Systems that have queues and topics: a topic's consumers are not told apart by its name. */
const QUEUES_AND_TOPICS: ReadonlySet<string> = new Set(['activemq', 'artemis', 'jms']);

/** Whether the destination of a span is surely a queue, as which nobody but one consumer reads it. `kind`: queue or topic, if it says. */
export function isQueue(system: string | null, kind: string | null): boolean {
  if (system === null) return false;
  return QUEUE_ONLY.has(system) || (QUEUES_AND_TOPICS.has(system) && kind === 'queue');
}
