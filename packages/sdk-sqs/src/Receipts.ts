import { Receipt } from './Receipt.js';

/** Receipt handles that are remembered, of up to 1 KiB each; SQS lets a queue have 120,000 messages in flight, a process handles fewer. */
const MOST_OPEN = 10_000;

/** Received messages, found by their object and by their receipt handle: one client may receive, and another delete. */
export class Receipts {
  private readonly byMessage = new WeakMap<object, Receipt>();
  /** Weakly: a message that the application has let go must not be kept for a deletion that never comes. */
  private readonly byHandle = new Map<string, WeakRef<Receipt>>();

  add(message: object, receipt: Receipt): Receipt {
    this.byMessage.set(message, receipt);
    const { receiptHandle } = receipt.said;
    if (receiptHandle !== undefined) {
      this.byHandle.set(receiptHandle, new WeakRef(receipt));
      // The oldest are those that nobody will delete any more.
      if (this.byHandle.size > MOST_OPEN) this.byHandle.delete(this.byHandle.keys().next().value!);
    }
    return receipt;
  }

  /** Of a message; null where no instrumented client received it. */
  of(message: unknown): Receipt | null {
    return typeof message === 'object' && message !== null ? (this.byMessage.get(message) ?? null) : null;
  }

  /** Of a message that nobody here received: Lambda's, say. */
  ofAny(message: object): Receipt {
    return this.of(message) ?? this.add(message, new Receipt(message, null, NOTHING_KNOWN, {}));
  }

  find(handle: unknown): Receipt | null {
    return typeof handle === 'string' ? (this.byHandle.get(handle)?.deref() ?? null) : null;
  }

  forget(handle: unknown): void {
    if (typeof handle === 'string') this.byHandle.delete(handle);
  }
}

const NOTHING_KNOWN = { maxReceives: null, visibilityMs: null };

/** Those of this process. */
export const RECEIPTS = new Receipts();
