/** A service that only takes note of one topic (`READ_TOPIC`) as the consumer group of its own name. */
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectKafka, consume } from '../kafka-client.mjs';

const name = process.env.OTEL_SERVICE_NAME;
const consumer = await consume(connectKafka(name), {
  groupId: name,
  topic: process.env.READ_TOPIC,
  eachMessage: async ({ message }) => say('done', { key: message.key.toString() }),
});

await serve({ close: () => consumer.disconnect() });
