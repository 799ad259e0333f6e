/**
 * `courier`: calls the carrier's web API for each parcel. A refusal is a nack with requeue after a pause that doubles; the
 * fourth is a nack without, which dead-letters the message.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { say, serve } from '../../harness/service-protocol.mjs';
import { post } from './http-post.mjs';
import { connectRabbit } from './rabbit-topology.mjs';

const GIVE_UP_AT = 4;
const FIRST_PAUSE_MS = 50;

const tracer = trace.getTracer('courier');
const { connection, channel } = await connectRabbit();
const attempts = new Map();

const sendCourierWebhook = (orderId) =>
  tracer.startActiveSpan('send-courier-webhook', async (span) => {
    const status = await post(process.env.CARRIER_URL, orderId);
    const isAccepted = status < 300;
    if (!isAccepted) span.setStatus({ code: SpanStatusCode.ERROR, message: `HTTP ${status}` });
    span.end();
    return isAccepted;
  });

await channel.consume('courier', async (message) => {
  const { orderId } = JSON.parse(message.content.toString());
  const attempt = (attempts.get(orderId) ?? 0) + 1;
  attempts.set(orderId, attempt);
  if (await sendCourierWebhook(orderId)) {
    channel.ack(message);
    say('done', { orderId });
  } else if (attempt < GIVE_UP_AT) {
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    channel.nack(message, false, true);
  } else {
    channel.nack(message, false, false);
    say('done', { orderId });
  }
});

await serve({ close: () => connection.close() });
