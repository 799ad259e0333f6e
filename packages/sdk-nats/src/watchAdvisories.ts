import { incomingOf, upshot as processWide, type Upshot } from '@upshot/sdk';
import { headersOf } from './headersOf.js';

/** What is used of a connection, of both clients. */
export interface ConnectionLike {
  subscribe(subject: string, options: never): { unsubscribe(): void };
  request(subject: string, payload: string, options?: never): Promise<{ readonly data: Uint8Array }>;
}

export interface AdvisoryOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The name that the consumer has in its attempts; by default that of JetStream's consumer. */
  readonly consumer?: (stream: string, consumer: string) => string | undefined;
}

/** As the server publishes them; `*` stands for stream and consumer. */
const SUBJECTS = [
  '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.*.*',
  '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.*.*',
] as const;
/** Watchers of this queue group share the advisories: of several processes, one tells. */
const QUEUE = 'upshot-advisories';
/** An advisory is some hundred bytes. */
const MOST_BYTES = 16_384;

interface Advisory {
  readonly stream: string;
  readonly consumer: string;
  readonly sequence: number;
  readonly deliveries: number;
  readonly reason: string | null;
}

/**
 * Watches what JetStream itself says of messages that it gives up: those that came as often as `max_deliver` allows without being acknowledged, and
 * those that somebody terminated. So a dead letter is seen even where the consumers that failed on it have crashed, or know nothing of Upshot. It needs
 * the rights to hear `$JS.EVENT.ADVISORY.>` and to read from the stream.
 *
 * @returns what ends it
 */
export function watchAdvisories(connection: ConnectionLike, options: AdvisoryOptions = {}): () => void {
  const hear = (error: unknown, message: { readonly data: Uint8Array } | undefined) => {
    if (error !== null && error !== undefined) return;
    const advisory = message === undefined ? null : parse(message.data);
    if (advisory !== null) tell(connection, advisory, options).catch(() => undefined);
  };
  const watches = SUBJECTS.map((subject) =>
    connection.subscribe(subject, { queue: QUEUE, callback: hear } as never),
  );
  return () => {
    for (const watch of watches) watch.unsubscribe();
  };
}

/** The message still lies in its stream: it says who it is. */
async function tell(
  connection: ConnectionLike,
  { stream, consumer, sequence, deliveries, reason }: Advisory,
  options: AdvisoryOptions,
): Promise<void> {
  const question = JSON.stringify({ seq: sequence });
  const answer = await connection.request(`$JS.API.STREAM.MSG.GET.${stream}`, question);
  const { message } = JSON.parse(new TextDecoder().decode(answer.data)) as { message?: Stored };
  if (message === undefined) return;
  const { eventId, eventName, correlationId, causationId } = incomingOf(headersOf(message.hdrs));
  if (eventId === null) return;
  (options.upshot ?? processWide).record({
    eventId,
    eventName: eventName ?? message.subject,
    phase: 'dead-lettered',
    correlationId: correlationId ?? undefined,
    causationId: causationId ?? undefined,
    consumerName: options.consumer?.(stream, consumer) ?? consumer,
    attempt: deliveries,
    destination: message.subject,
    startTimeUnixNano: `${Date.now()}000000`,
    error:
      reason === null
        ? { type: 'MaxDeliveries', message: `delivered ${deliveries}× and never acknowledged` }
        : { type: 'term', message: reason || 'terminated by its consumer' },
  });
}

interface Stored {
  readonly subject: string;
  /** Base64. */
  readonly hdrs?: unknown;
}

function parse(data: Uint8Array): Advisory | null {
  if (data.byteLength > MOST_BYTES) return null;
  try {
    const said = JSON.parse(new TextDecoder().decode(data)) as Readonly<Record<string, unknown>>;
    const { type, stream, consumer, stream_seq: sequence, deliveries, reason } = said;
    if (typeof stream !== 'string' || typeof consumer !== 'string') return null;
    if (!Number.isSafeInteger(sequence) || !Number.isSafeInteger(deliveries)) return null;
    const terminated = typeof type === 'string' && type.endsWith('.terminated');
    return {
      stream,
      consumer,
      sequence: sequence as number,
      deliveries: deliveries as number,
      reason: terminated ? (typeof reason === 'string' ? reason.slice(0, 256) : '') : null,
    };
  } catch {
    return null;
  }
}
