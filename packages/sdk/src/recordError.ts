import { type Span, SpanStatusCode } from '@opentelemetry/api';

/** UTF-16 units of an error's message that are sent: what a person reads of it. */
const MOST_MESSAGE = 2048;

/** An error on a span: status, `error.type`, and the exception with its stack. */
export function recordError(span: Span, error: unknown): void {
  const { type, message } = describe(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException(error instanceof Error ? error : { name: type, message });
}

function describe(error: unknown): { type: string; message: string } {
  if (error instanceof Error) {
    const name = typeof error.name === 'string' && error.name !== '' ? error.name : 'Error';
    return { type: name.slice(0, 256), message: String(error.message).slice(0, MOST_MESSAGE) };
  }
  if (typeof error === 'string') return { type: 'Error', message: error.slice(0, MOST_MESSAGE) };
  return { type: 'Error', message: String(error).slice(0, MOST_MESSAGE) };
}
