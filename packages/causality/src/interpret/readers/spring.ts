import type { FailureCause, Span } from '@upshot/model';
import { asText } from '../concepts.js';
import type { Position } from '../Reading.js';
import { RECEIVE } from './operations.js';
import type { Reader } from './Reader.js';

/** Exceptions of Spring Kafka that say when and where, and not what was wrong: that is the cause within them. */
const WRAPPERS =
  /^org\.springframework\.kafka\.listener\.(?:TimestampedException|ListenerExecutionFailedException)$/;
/** What a retry topic's container throws at a record that is not due: nobody has tried it, and it comes again. */
const NOT_DUE = 'org.springframework.kafka.listener.KafkaBackoffException';
/** By which a batch listener says which of its records failed: its message ends in `topic-partition@offset`. */
const OF_BATCH = 'org.springframework.kafka.listener.BatchListenerFailedException';
const POSITION = / (\S+)-(\d+)@(\d+)$/;

/**
 * Spring's own observations through Micrometer (spring-kafka 4.0: KafkaListenerObservation.java, KafkaTemplateObservation.java; spring-rabbit 4.0:
 * RabbitListenerObservation.java, RabbitTemplateObservation.java): all values are text, and RabbitMQ's spans name no system. A Rabbit listener says
 * `receive` and is the work itself; its destination is the queue. Listener IDs that were made up (`…ListenerEndpointContainer#0-0`) name nobody.
 * Spring Kafka's exceptions (listener/TimestampedException.java, KafkaBackoffException.java, BatchListenerFailedException.java) are read whoever made
 * the span. What stands before the record that failed a batch is committed and comes no more (FailedBatchProcessor.java).
 */
export const spring: Reader = {
  name: 'spring',
  applies: (span) =>
    span.attributes.has('spring.rabbit.listener.id') ||
    span.attributes.has('spring.rabbit.template.name') ||
    span.attributes.has('spring.kafka.listener.id') ||
    exceptionType(span)?.startsWith('org.springframework.kafka.') === true,
  operation: (span) => (exceptionType(span) === NOT_DUE ? RECEIVE : null),
  read(draft) {
    const { attributes } = draft.span;
    if (draft.role === 'publish') {
      // The contextual name is `exchange/routing.key send`.
      draft.step = null;
      return;
    }
    if (attributes.has('spring.rabbit.listener.id') && draft.destination !== null && draft.consumerRank > 4) {
      draft.consumer = draft.destination;
      draft.consumerRank = 4;
    }
    if (draft.consumer.includes('ListenerEndpointContainer#')) {
      draft.consumer = draft.service;
      draft.consumerRank = 5;
    }
    if (draft.error !== null && WRAPPERS.test(draft.error.type))
      draft.error = causeWithin(draft.span) ?? draft.error;
    if (draft.error?.type === OF_BATCH) draft.failedAt = positionIn(draft.error.message);
  },
};

function exceptionType({ events }: Span): string | null {
  const exception = events.findLast(({ name }) => name === 'exception');
  return exception === undefined ? null : asText(exception.attributes.get('exception.type'));
}

function positionIn(message: string): Position | null {
  const said = POSITION.exec(message);
  return said === null ? null : { destination: said[1]!, partition: said[2]!, offset: said[3]! };
}

/** The innermost cause that a Java stack trace names. */
function causeWithin({ events }: Span): FailureCause | null {
  const exception = events.findLast(({ name }) => name === 'exception');
  const trace = asText(exception?.attributes.get('exception.stacktrace')) ?? '';
  const at = trace.lastIndexOf('\nCaused by: ');
  if (at < 0) return null;
  const line = trace.slice(at + '\nCaused by: '.length).split('\n', 1)[0]!;
  const said = /^([\w.$]+)(?:: (.*))?$/.exec(line.trimEnd());
  return said === null ? null : { type: said[1]!, message: said[2] ?? '' };
}
