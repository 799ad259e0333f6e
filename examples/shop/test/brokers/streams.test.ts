import { describeStory } from './describeStory.js';

for (const transport of ['kafka', 'platformatic-kafka', 'nats', 'redis-streams', 'mqtt'] as const)
  describeStory(transport);
