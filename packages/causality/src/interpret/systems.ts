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

/** One name per messaging system. */
export function systemName(said: string): string {
  const lower = said.toLowerCase();
  return ALIASES[lower] ?? lower;
}

/** Systems in which a message lies in one queue, so that the queue is the consumer where nothing names it better. */
const QUEUE_ONLY: ReadonlySet<string> = new Set(['aws_sqs', 'bullmq', 'activemq', 'artemis', 'jms']);

export function hasOnlyQueues(system: string | null): boolean {
  return system !== null && QUEUE_ONLY.has(system);
}
