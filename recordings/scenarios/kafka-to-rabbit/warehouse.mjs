/** `warehouse`: packs the parcel, then publishes `parcel.packed`. One order's shelf is locked at the first try. */
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectRabbit, publishShipment } from './rabbit-topology.mjs';

const LOCKED_ONCE = 'o-9002';

const tracer = trace.getTracer('warehouse');
const { connection, channel } = await connectRabbit();
let wasLocked = false;

function packParcel(orderId) {
  tracer.startActiveSpan('pack-parcel', (span) => {
    try {
      if (orderId === LOCKED_ONCE && !wasLocked) {
        wasLocked = true;
        throw new Error(`shelf of ${orderId} is locked`);
      }
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

await channel.consume('warehouse', async (message) => {
  const { orderId } = JSON.parse(message.content.toString());
  try {
    packParcel(orderId);
  } catch {
    channel.nack(message, false, true);
    return;
  }
  await publishShipment(channel, 'parcel.packed', { orderId }, message.properties.correlationId);
  channel.ack(message);
  say('done', { orderId });
});

await serve({ close: () => connection.close() });
