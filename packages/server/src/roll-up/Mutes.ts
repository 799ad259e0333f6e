import type { Mute } from '@upshot/model';
import type { Store } from '@upshot/storage';

/** The document in which mutes are kept. */
export const MUTES = 'mutes';
/** Groups that may be muted at a time. */
const MOST = 10_000;

/** Groups of findings that somebody knows of and need not hear of. Kept in the store: they survive a restart, and all servers share them. */
export class Mutes {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly store: Store) {}

  set(group: string, mute: Mute, nowUnixNano: bigint): Promise<void> {
    return this.change((mutes) => mutes.set(group, mute), nowUnixNano);
  }

  delete(group: string, nowUnixNano: bigint): Promise<void> {
    return this.change((mutes) => mutes.delete(group), nowUnixNano);
  }

  /** One change after the other: each reads what the one before wrote. */
  private change(apply: (mutes: Map<string, Mute>) => unknown, nowUnixNano: bigint): Promise<void> {
    const changed = this.last.then(async () => {
      const mutes = parseMutes(await this.store.document(MUTES));
      apply(mutes);
      for (const [group, { untilUnixNano }] of mutes)
        if (untilUnixNano !== null && BigInt(untilUnixNano) <= nowUnixNano) mutes.delete(group);
      const kept = [...mutes].slice(-MOST);
      await this.store.putDocument(MUTES, JSON.stringify(kept));
    });
    this.last = changed.catch(() => undefined);
    return changed;
  }
}

export function parseMutes(text: string | null): Map<string, Mute> {
  return new Map(text === null ? [] : (JSON.parse(text) as [string, Mute][]));
}
