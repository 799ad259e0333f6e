/** How long a batch waits for company. */
const WAIT_MS = 150;

/** Gathers what is given one by one until there are `size`, or the first has waited long enough; each call settles with its batch. */
export function gather<Item>(
  size: number,
  handle: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  if (size <= 1) return (item) => handle([item]);
  let items: Item[] = [];
  let waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const [batch, callers] = [items, waiting];
    [items, waiting] = [[], []];
    if (batch.length === 0) return;
    handle(batch).then(
      () => {
        for (const { resolve } of callers) resolve();
      },
      (error) => {
        for (const { reject } of callers) reject(error);
      },
    );
  };
  return (item) =>
    new Promise((resolve, reject) => {
      items.push(item);
      waiting.push({ resolve, reject });
      if (items.length >= size) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    });
}
