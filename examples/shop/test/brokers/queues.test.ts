import { describeStory } from './describeStory.js';

for (const transport of ['rabbitmq', 'bullmq', 'pg-outbox', 'sqs'] as const) describeStory(transport);
