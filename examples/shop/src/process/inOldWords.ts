import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * Handles an event as a service does that was never touched since 2021: OpenTelemetry by hand, attributes of its messaging conventions 1.11, W3C headers, and
 * nothing of the SDK. Its span names the transport, not the business step.
 */
export function inOldWords(
  service: string,
  topic: string,
  headers: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<void> {
  const parent = propagation.extract(context.active(), headers);
  const options = {
    kind: SpanKind.CONSUMER,
    attributes: {
      'messaging.destination': topic,
      'messaging.destination_kind': 'topic',
      'messaging.operation': 'process',
      'messaging.consumer_id': service,
    },
  };
  return trace
    .getTracer(`${service}-app`)
    .startActiveSpan(`${topic} process`, options, parent, async (span) => {
      try {
        await run();
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
        throw error;
      } finally {
        span.end();
      }
    });
}
