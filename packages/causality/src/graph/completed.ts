import type { MessageRef, Reading } from '../interpret/Reading.js';
import { contextKey } from './nodes.js';

/**
 * Readings of work, with what the fetching span around them says of the message and they do not: MassTransit's `process` has no place but that of
 * its `receive`, Brave's listener has no tags at all.
 */
export function completed(readings: readonly Reading[]): readonly Reading[] {
  const fetching = new Map<string, Reading>();
  for (const reading of readings) {
    if (reading.role === 'receive' && reading.stored) fetching.set(contextKey(reading.span), reading);
  }
  if (fetching.size === 0) return readings;
  return readings.map((reading) => {
    if (reading.role !== 'process' || reading.destination !== null) return reading;
    const { traceId, parentSpanId } = reading.span;
    const around = fetching.get(contextKey({ traceId, spanId: parentSpanId }));
    if (around === undefined || around.service !== reading.service) return reading;
    return completedBy(around, reading);
  });
}

function completedBy(around: Reading, reading: Reading): Reading {
  const namesConsumer = around.consumerRank < reading.consumerRank;
  const namesEvent = !reading.eventTyped && (around.eventTyped || reading.eventName === '');
  return {
    ...reading,
    system: reading.system ?? around.system,
    destination: around.destination,
    routingKey: reading.routingKey ?? around.routingKey,
    places: [...new Set([...around.places, ...reading.places])],
    eventName: namesEvent ? around.eventName : reading.eventName,
    eventTyped: reading.eventTyped || around.eventTyped,
    consumer: namesConsumer ? around.consumer : reading.consumer,
    consumerRank: Math.min(around.consumerRank, reading.consumerRank),
    attempt: reading.attempt ?? around.attempt,
    correlationId: reading.correlationId ?? around.correlationId,
    messages:
      around.messages.length === 1 && reading.messages.length === 1
        ? [completedMessage(reading.messages[0]!, around.messages[0]!)]
        : reading.messages,
  };
}

function completedMessage(own: MessageRef, around: MessageRef): MessageRef {
  return {
    eventId: own.eventId ?? around.eventId,
    transportId: own.eventId === null ? around.transportId : own.transportId,
    eventSource: own.eventId === null ? around.eventSource : own.eventSource,
    partition: own.offset === null ? around.partition : own.partition,
    offset: own.offset ?? around.offset,
    messageKey: own.messageKey ?? around.messageKey,
    correlationId: own.correlationId ?? around.correlationId,
    causationId: own.causationId ?? around.causationId,
    link: own.link,
  };
}
