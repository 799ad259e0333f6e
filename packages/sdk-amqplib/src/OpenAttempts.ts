import type { Attempt } from '@upshot/sdk';

/** The attempts of one channel that nobody has settled, by delivery tag, in the order of delivery. */
export class OpenAttempts {
  private readonly byTag = new Map<number, Attempt>();

  add(message: unknown, attempt: Attempt): void {
    const tag = tagOf(message);
    if (tag !== null) this.byTag.set(tag, attempt);
  }

  /** Those that are settled with this message: its own, and with `allUpTo` all that were delivered before it. */
  take(message: unknown, allUpTo: boolean): Attempt[] {
    const tag = tagOf(message);
    if (tag === null) return [];
    if (!allUpTo) {
      const attempt = this.byTag.get(tag);
      this.byTag.delete(tag);
      return attempt === undefined ? [] : [attempt];
    }
    const taken: Attempt[] = [];
    for (const [one, attempt] of this.byTag) {
      // 0 stands for all.
      if (tag !== 0 && one > tag) continue;
      taken.push(attempt);
      this.byTag.delete(one);
    }
    return taken;
  }

  takeAll(): Attempt[] {
    const all = [...this.byTag.values()];
    this.byTag.clear();
    return all;
  }
}

function tagOf(message: unknown): number | null {
  const tag = (message as { fields?: { deliveryTag?: unknown } } | null | undefined)?.fields?.deliveryTag;
  return typeof tag === 'number' ? tag : null;
}
