import type { Input } from './commands.js';

/** What a queue's attributes say that matters here. */
export interface Terms {
  readonly maxReceives: number | null;
  readonly visibilityMs: number | null;
}

/** Queues that are remembered: a service reads a few. */
const MOST_QUEUES = 1000;
const UNKNOWN: Terms = { maxReceives: null, visibilityMs: null };

/** The redrive policy and the visibility timeout of queues, as far as the application's own calls have shown them: nobody is asked. */
export class QueueTerms {
  private readonly byUrl = new Map<string, Terms>();

  of(url: string): Terms {
    return this.byUrl.get(url) ?? UNKNOWN;
  }

  /** Looks at a call that tells or sets a queue's attributes. */
  learn(operation: string, input: Input, output: unknown): void {
    const { QueueUrl, Attributes } = (output ?? {}) as { QueueUrl?: unknown; Attributes?: unknown };
    if (operation === 'GetQueueAttributes') this.note(input.QueueUrl, Attributes);
    else if (operation === 'SetQueueAttributes') this.note(input.QueueUrl, input.Attributes);
    else if (operation === 'CreateQueue') this.note(QueueUrl, input.Attributes);
  }

  private note(url: unknown, attributes: unknown): void {
    if (typeof url !== 'string' || typeof attributes !== 'object' || attributes === null) return;
    const { RedrivePolicy, VisibilityTimeout } = attributes as Record<string, unknown>;
    const before = this.of(url);
    const seconds = VisibilityTimeout === undefined ? Number.NaN : Number(VisibilityTimeout);
    if (this.byUrl.size >= MOST_QUEUES) this.byUrl.clear();
    this.byUrl.set(url, {
      maxReceives: maxReceivesIn(RedrivePolicy) ?? before.maxReceives,
      visibilityMs: Number.isFinite(seconds) ? seconds * 1000 : before.visibilityMs,
    });
  }
}

function maxReceivesIn(policy: unknown): number | null {
  if (typeof policy !== 'string' || policy.length > 2048) return null;
  try {
    const count = Number((JSON.parse(policy) as { maxReceiveCount?: unknown }).maxReceiveCount);
    return Number.isSafeInteger(count) && count > 0 ? count : null;
  } catch {
    return null;
  }
}
