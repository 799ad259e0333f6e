import { type Span, SpanStatusCode } from '@opentelemetry/api';

/** UTF-16 units of an error's message that are sent: what a person reads of it. */
const MOST_MESSAGE = 2048;
/** UTF-16 units of a stack: some hundred frames. */
const MOST_STACK = 16_384;
const MOST_TYPE = 256;

/** An error on a span: status, `error.type`, and the exception with its stack. Whatever was thrown, and however much it says of itself. */
export function recordError(span: Span, error: unknown): void {
  const { type, message, stack } = describe(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException({ name: type, message, stack });
}

interface Described {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
}

function describe(error: unknown): Described {
  try {
    if (!(error instanceof Error)) return { type: 'Error', message: String(error).slice(0, MOST_MESSAGE) };
    const { name, message, stack } = error;
    return {
      type: typeof name === 'string' && name !== '' ? name.slice(0, MOST_TYPE) : 'Error',
      message: String(message).slice(0, MOST_MESSAGE),
      stack: typeof stack === 'string' ? stack.slice(0, MOST_STACK) : undefined,
    };
  } catch {
    // A getter that throws, an object without a text: it has failed all the same.
    return { type: 'Error', message: 'what was thrown cannot be read' };
  }
}
