import { type Attempt, upshot as processWide, type Sending } from '@upshot/sdk';
import { ATTEMPT, ATTEMPTS, BINARY, CONSUMER, DESTINATION, HttpStatusError, isRetried } from './HTTP.js';
import { retryAfterMs } from './retryAfterMs.js';
import type { Delivered, SenderOptions, Webhook } from './SenderOptions.js';
import { WebhookError } from './WebhookError.js';

const TRIES = 5;
const BACK_OFF_MS = 1000;
const MOST_BACK_OFF_MS = 300_000;
const TIMEOUT_MS = 10_000;
/** Addresses whose consumer is remembered by a process. */
const MOST_CONSUMERS = 1000;

/** Who has said that it tells of its attempts, by address. */
const consumers = new Map<string, string>();

/** How one try ended. */
interface Answer {
  readonly status: number | null;
  readonly error: unknown;
  /** Milliseconds that the receiver asks for. */
  readonly wait: number;
  /** Null where the receiver says nothing of itself. */
  readonly consumer: string | null;
}

/** The tries of one event, at any address. */
export class Tries {
  private readonly most: number;
  private readonly body: string;
  private readonly carried: Readonly<Record<string, string>>;

  constructor(
    private readonly options: SenderOptions,
    private readonly webhook: Webhook,
    private readonly sending: Sending,
    private readonly destination: string,
  ) {
    this.most = options.attempts ?? TRIES;
    this.body = JSON.stringify(webhook.payload ?? null);
    this.carried = { ...webhook.headers, ...sending.headers, [DESTINATION]: destination };
  }

  /**
   * Sends it to an address until it is taken, or given up.
   *
   * @returns null where it was given up and put aside
   * @throws WebhookError where it was given up and nobody puts it aside
   */
  async at(url: string): Promise<Delivered | null> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(url, attempt);
      const { status, error } = answer;
      const isOver = attempt >= this.most || (status !== null && !isRetried(status));
      const told = answer.consumer === null ? this.tellOf(url, attempt, answer, isOver) : null;
      if (answer.consumer !== null) remember(url, answer.consumer);
      if (status !== null && status < 400) return { url, status, attempts: attempt };
      if (isOver) {
        const { onGivenUp } = this.options;
        if (onGivenUp === undefined) throw new WebhookError(url, attempt, error);
        const givenUp = { url, webhook: this.webhook, headers: this.carried, attempts: attempt, error };
        const putAside = () => onGivenUp(givenUp);
        const { upshot = processWide } = this.options;
        // It follows from the last try, where that is ours to tell of; else from the event.
        await (told === null ? upshot.resume(this.carried, putAside) : told.run(putAside));
        return null;
      }
      const wait = Math.max(answer.wait, this.backOff(attempt, url));
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  private async once(url: string, attempt: number): Promise<Answer> {
    const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS } = this.options;
    const headers = {
      'content-type': 'application/json',
      ...this.carried,
      [ATTEMPT]: `${attempt}`,
      [ATTEMPTS]: `${this.most}`,
    };
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const init = { method: 'POST', headers, body: this.body, signal };
      const answer = await this.sending.run(() => fetch(url, init));
      await answer.arrayBuffer();
      const { status } = answer;
      const error = status < 400 ? null : new HttpStatusError(status);
      const wait = retryAfterMs(answer.headers.get('retry-after'));
      return { status, error, wait, consumer: answer.headers.get(CONSUMER) };
    } catch (error) {
      return { status: null, error, wait: 0, consumer: null };
    }
  }

  /** Tells of a try of which nobody else does: the receiver sends no telemetry, or was not reached. */
  private tellOf(url: string, attempt: number, { status, error }: Answer, isOver: boolean): Attempt {
    const { upshot = processWide } = this.options;
    const told = upshot.begin({
      transport: BINARY,
      headers: this.carried,
      destination: this.destination,
      consumer: this.webhook.consumer ?? consumers.get(url) ?? hostOf(url),
      attempt,
      attributes: status === null ? {} : { 'http.response.status_code': status },
    });
    if (error === null) told.succeed();
    else told.fail(error, isOver ? 'dead-letter' : 'retry');
    return told;
  }

  private backOff(attempt: number, url: string): number {
    const doubled = Math.min(BACK_OFF_MS * 2 ** (attempt - 1), MOST_BACK_OFF_MS);
    const wanted = this.options.backOffMs?.(attempt, url) ?? doubled;
    return Number.isFinite(wanted) && wanted >= 0 ? wanted : doubled;
  }
}

function remember(url: string, consumer: string): void {
  if (consumers.size < MOST_CONSUMERS || consumers.has(url)) consumers.set(url, consumer.slice(0, 256));
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url.slice(0, 256);
  }
}
