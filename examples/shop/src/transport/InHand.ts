/** How often a broker is told that a message is worked on still: brokers give one back after 30 s. */
const STILL_WORKED_ON_MS = 10_000;

/** What a consumer has taken and not settled. */
export class InHand<Item> {
  private readonly items = new Map<Item, NodeJS.Timeout | null>();

  /** @param stillWorkedOn tells the broker so, where it wants to be told; what it rejects with is shown by the message's coming again */
  constructor(private readonly stillWorkedOn?: (item: Item) => unknown) {}

  get size(): number {
    return this.items.size;
  }

  has(item: Item): boolean {
    return this.items.has(item);
  }

  /** Has an item until its work ends, however it does. */
  async during(item: Item, work: () => Promise<void>): Promise<void> {
    const { stillWorkedOn } = this;
    const tell = () => void Promise.resolve(stillWorkedOn?.(item)).catch(() => {});
    const timer = stillWorkedOn === undefined ? null : setInterval(tell, STILL_WORKED_ON_MS);
    this.items.set(item, timer);
    try {
      await work();
    } finally {
      this.release(item);
    }
  }

  /** Takes all of them out of hand, to be given back. */
  releaseAll(): Item[] {
    const items = [...this.items.keys()];
    for (const item of items) this.release(item);
    return items;
  }

  private release(item: Item): void {
    const timer = this.items.get(item);
    if (timer) clearInterval(timer);
    this.items.delete(item);
  }
}
