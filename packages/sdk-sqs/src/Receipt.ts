import {
  type Attempt,
  type Decision,
  incomingOf,
  upshot as processWide,
  type Reception,
  type Upshot,
} from '@upshot/sdk';
import { SNS, SQS } from './AWS.js';
import { type Said, saidBy } from './messages.js';
import type { Terms } from './QueueTerms.js';
import type { SqsOptions } from './SqsOptions.js';

/** The longest that a timer of Node can wait. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** A message that was received: an attempt once somebody begins with it. SQS gives it to somebody else after its visibility timeout. */
export class Receipt {
  readonly said: Said;
  private attempt: Attempt | null = null;
  private timer: NodeJS.Timeout | null = null;
  private visibleAt: number | null;

  constructor(
    private readonly message: object,
    private readonly queue: string | null,
    private readonly terms: Terms,
    private readonly options: SqsOptions,
  ) {
    this.said = saidBy(message);
    this.visibleAt = terms.visibilityMs === null ? null : Date.now() + terms.visibilityMs;
  }

  /** The SDK of the client that received it. */
  get upshot(): Upshot {
    return this.options.upshot ?? processWide;
  }

  /** The attempt, from now on if nobody has begun with it before. */
  begin(options: SqsOptions = {}): Attempt {
    if (this.attempt !== null) return this.attempt;
    return this.begun((options.upshot ?? this.upshot).begin(this.reception(options)));
  }

  /** The attempt of one who begins to handle it: the one that is open, else a new try in place, of which the receive count says nothing. */
  next(options: SqsOptions = {}): Attempt {
    if (this.attempt === null || this.attempt.outcome === null) return this.begin(options);
    const again = { ...this.reception(options), attempt: undefined };
    return this.begun((options.upshot ?? this.upshot).begin(again));
  }

  /** Takes an attempt that was begun as part of a batch. */
  begun(attempt: Attempt): Attempt {
    this.attempt = attempt;
    this.wait();
    return attempt;
  }

  reception(options: SqsOptions = {}): Reception {
    const { said } = this;
    const all = { ...this.options, ...options };
    const queue = this.queue ?? said.queue ?? '';
    const { eventId, spanContext } = incomingOf(said.headers);
    // Without a context, the topic and the ID that SNS gave tell whose message it is; else it came from where it lay, a dead-letter queue, say.
    const topic = eventId === null && spanContext === null ? said.topic : undefined;
    return {
      transport: topic === undefined ? SQS : SNS,
      headers: said.headers,
      consumer: consumerOf(queue, all),
      step: stepOf(queue, this.message, all),
      destination: topic ?? queue,
      placeName: said.topic ?? queue,
      messageId: said.messageId,
      attempt: said.receives,
      decide: () => this.fate(all),
      attributes: { 'messaging.sqs.queue': queue },
    };
  }

  succeed(): void {
    this.begin().succeed();
    this.rest();
  }

  /** It comes again, where it has not come as often as its queue allows. */
  fail(error: unknown, options: SqsOptions = {}): void {
    this.begin(options).fail(error, this.fate({ ...this.options, ...options }));
    this.rest();
  }

  /** The visibility timeout begins anew. */
  visibleIn(ms: number): void {
    this.visibleAt = Date.now() + ms;
    if (this.attempt !== null) this.wait();
  }

  rest(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private fate({ maxReceives }: SqsOptions): Decision {
    const queue = this.queue ?? this.said.queue ?? '';
    const told = typeof maxReceives === 'object' ? maxReceives[queue] : maxReceives;
    const most = told ?? this.terms.maxReceives;
    return most !== null && this.said.receives !== undefined && this.said.receives >= most
      ? 'dead-letter'
      : 'retry';
  }

  private wait(): void {
    this.rest();
    if (this.visibleAt === null || this.attempt?.outcome !== null) return;
    const left = Math.max(0, this.visibleAt - Date.now());
    this.timer = setTimeout(
      () => this.fail(named('VisibilityTimeout', 'not deleted before its visibility timeout')),
      Math.min(left, MOST_TIMER_MS),
    );
    this.timer.unref();
  }
}

function consumerOf(queue: string, { consumer }: SqsOptions): string {
  return (typeof consumer === 'function' ? told(() => consumer(queue)) : consumer) ?? queue;
}

function stepOf(queue: string, message: object, { step }: SqsOptions): string | undefined {
  if (typeof step === 'function') return told(() => step(queue, message));
  if (typeof step === 'string' || step === undefined) return step;
  return Object.hasOwn(step, queue) ? step[queue] : undefined;
}

/** The application's own function, which must not break the handling of its messages. */
function told(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** An error of which the name and the message say all: its stack would be that of the adapter. */
export function named(type: string, message: string): Error {
  const error = new Error(message);
  error.name = type;
  error.stack = undefined;
  return error;
}
