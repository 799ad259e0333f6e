/**
 * What log records say beside the keys of the one table (`ATTRIBUTES`), which hold for them as well: the plain names under which loggers put IDs
 * (structured logging, MDC), and what tells of an exception. Only IDs that somebody meant as such: a bare `id` is none.
 */
export const LOG_ATTRIBUTES = {
  eventId: ['eventId', 'event_id', 'event.id', 'messageId', 'message_id'],
  correlationId: ['correlationId', 'correlation_id', 'correlation.id', 'CorrelationId'],
  causationId: ['causationId', 'causation_id'],
  /** Semantic conventions, exceptions in logs: one of these two is required. */
  exception: ['exception.type', 'exception.message'],
} as const;
