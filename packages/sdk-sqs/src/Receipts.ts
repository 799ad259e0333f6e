import { Receipt } from './Receipt.js';

/** Messages that are remembered by their receipt handle; SQS lets a queue have 120,000 in flight, a process handles fewer. */
const MOST_OPEN = 20_000;

/** Received messages, found by their object and by their receipt handle: one client may receive, and another delete. */
export class Receipts {
  private readonly byMessage = new WeakMap<object, Receipt>();
  private readonly byHandle = new Map<string, Receipt>();

  add(message: object, receipt: Receipt): Receipt {
    this.byMessage.set(message, receipt);
    const { receiptHandle } = receipt.said;
    if (receiptHandle !== undefined) {
      this.byHandle.set(receiptHandle, receipt);
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
    return typeof handle === 'string' ? (this.byHandle.get(handle) ?? null) : null;
  }

  forget(handle: unknown): void {
    if (typeof handle === 'string') this.byHandle.delete(handle);
  }
}

const NOTHING_KNOWN = { maxReceives: null, visibilityMs: null };

/** Those of this process. */
export const RECEIPTS = new Receipts();
