import { AskError } from './AskError.js';

interface Waiting {
  readonly who: object;
  readonly go: () => void;
  readonly refuse: (error: AskError) => void;
}

/**
 * Large answers one after the other: the rows of one, and the graph that is made of them, fill a good part of a thread's heap, and a few at once would exhaust it and
 * fail together. Whoever is not large asks for no turn.
 */
export class LargeTurns {
  private holder: object | null = null;
  private readonly waiting: Waiting[] = [];

  /** `most`: so many may wait; more are turned away. */
  constructor(private readonly most: number) {}

  /** Resolves at once for who has its turn, else when it comes. Rejects with `AskError` where too many wait, or after `patienceMs`. */
  take(who: object, patienceMs: number): Promise<void> {
    if (this.holder === who) return Promise.resolve();
    if (this.holder === null) {
      this.holder = who;
      return Promise.resolve();
    }
    if (this.waiting.length >= this.most || patienceMs <= 0) return Promise.reject(tooMany());
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.leave(who, tooMany()), patienceMs);
      const settled = (settle: () => void) => () => {
        clearTimeout(timer);
        settle();
      };
      this.waiting.push({
        who,
        go: settled(resolve),
        refuse: (error) => settled(() => reject(error))(),
      });
    });
  }

  has(who: object): boolean {
    return this.holder === who;
  }

  /** Gives the turn on, or the place in the queue up. Of who has neither nothing happens. */
  release(who: object): void {
    if (this.holder !== who) {
      this.leave(who, new AskError('unavailable', 'The question is no longer wanted'));
      return;
    }
    const next = this.waiting.shift();
    this.holder = next?.who ?? null;
    next?.go();
  }

  private leave(who: object, error: AskError): void {
    const at = this.waiting.findIndex((one) => one.who === who);
    if (at >= 0) this.waiting.splice(at, 1)[0]!.refuse(error);
  }
}

function tooMany(): AskError {
  return new AskError(
    'unavailable',
    'This workflow is large, and others of its kind are being worked on: try again',
  );
}
