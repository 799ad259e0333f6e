/** A service that only takes note of one queue (`READ_QUEUE`). */
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectRabbit } from './rabbit-topology.mjs';

const { connection, channel } = await connectRabbit();
await channel.consume(process.env.READ_QUEUE, (message) => {
  channel.ack(message);
  say('done', JSON.parse(message.content.toString()));
});

await serve({ close: () => connection.close() });
