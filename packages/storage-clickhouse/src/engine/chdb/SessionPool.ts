import type { StorageError } from '@upshot/storage';
import type { Session } from 'chdb';
import { closedError } from '../engineError.js';

/** Sessions that take one statement at a time (a chDB session is serial), handed out in the order of asking. */
export class SessionPool {
  private readonly idle: Session[];
  private readonly waiting: { give(session: Session): void; refuse(error: StorageError): void }[] = [];
  private refusing = false;

  constructor(readonly sessions: readonly Session[]) {
    this.idle = [...sessions];
  }

  acquire(): Promise<Session> {
    if (this.refusing) return Promise.reject(closedError());
    const session = this.idle.pop();
    if (session) return Promise.resolve(session);
    return new Promise((give, refuse) => this.waiting.push({ give, refuse }));
  }

  release(session: Session): void {
    const next = this.waiting.shift();
    if (next) next.give(session);
    else this.idle.push(session);
  }

  /** Hands out no more sessions, and sends away whoever waits for one. */
  refuse(): void {
    this.refusing = true;
    for (const { refuse } of this.waiting.splice(0)) refuse(closedError());
  }
}
