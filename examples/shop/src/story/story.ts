import { type Fault, parseFault } from '../faults/Fault.js';
import type { Shop } from '../Shop.js';

/** One order of the story, and what becomes of it. */
export interface Chapter {
  /** From 1: `order_1001` is the first. */
  readonly number: number;
  /** What goes wrong; a fault of a whole service holds until the next chapter of that kind. */
  readonly fault: string | null;
  /** What there is to see, after the order's number. */
  readonly look: string;
  /** True once it is there to be seen. */
  readonly isThere: (seen: Seen) => boolean;
}

/** What the story needs of Upshot's answer about an order. */
export interface Seen {
  readonly status: string;
  readonly deliveries: readonly {
    readonly consumer: string;
    readonly status: string;
    readonly attempts: readonly string[];
  }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly hop?: { readonly producer: string; readonly consumer: string };
  }[];
}

/** Goes wrong all the time, and is no trouble to Upshot. */
export const ALWAYS = ['vocabulary@mail', 'batch@summary=10'].map(parseFault);

export const STORY: readonly Chapter[] = [
  {
    number: 1,
    fault: null,
    look: 'went well: five events, eight services',
    isThere: isDone,
  },
  {
    number: 2,
    fault: 'fail@payments=2',
    look: 'recovered at authorize-payment, with its third attempt',
    isThere: (seen) => times(seen, 'payments', 'recovered') === 1 && isDone(seen),
  },
  {
    number: 3,
    fault: 'lose-headers@inventory',
    look: 'lost its way at send-warehouse-webhook: between inventory and the warehouse the headers are dropped',
    // Whose hop it was is known once inventory has told of its publish, which may be after the warehouse has told of its work.
    isThere: (seen) =>
      seen.findings.some(
        ({ kind, hop }) =>
          kind === 'broken-causality' && hop?.producer === 'inventory' && hop.consumer === 'warehouse',
      ) && isDone(seen),
  },
  {
    number: 4,
    fault: 'poison@inventory',
    look: 'stopped at reserve-inventory: four attempts, then a dead letter',
    isThere: (seen) => found(seen, 'dead-letter'),
  },
  {
    number: 5,
    fault: 'duplicate@inventory',
    look: 'went through send-warehouse-webhook twice: its event was sent twice',
    isThere: (seen) =>
      found(seen, 'duplicate-delivery') &&
      isDone(seen) &&
      seen.deliveries.some(({ consumer, attempts }) => consumer === 'warehouse' && attempts.length > 1),
  },
  {
    number: 6,
    fault: 'skew@inventory=-2500',
    look: 'runs back in time at reserve-inventory, whose clock is 2.5 s behind',
    isThere: (seen) => found(seen, 'clock-skew') && isDone(seen),
  },
  {
    number: 7,
    fault: 'slow@inventory=20000',
    look: 'is still at reserve-inventory, which takes 20 s',
    isThere: (seen) =>
      times(seen, 'inventory', 'processing') === 1 && times(seen, 'loyalty', 'succeeded') === 1,
  },
  {
    number: 8,
    fault: 'down@loyalty',
    look: 'misses book-points: loyalty is down',
    isThere: (seen) => times(seen, 'loyalty', 'missing') === 1,
  },
];

/** Chapters whose fault is of a whole service: each is told by itself, so that the orders of others are spared. */
const ALONE: ReadonlySet<string> = new Set(['skew', 'down']);

export interface Telling {
  /** `order_1001` and so on, for 1000. */
  readonly base: number;
  /** What Upshot answers about an order; null where it knows nothing yet. */
  readonly ask: (order: string) => Promise<Seen | null>;
  /** Hears of each chapter once it is there to be seen, or has not come within its time. */
  readonly told: (order: string, chapter: Chapter, isThere: boolean) => void;
  /** Milliseconds for one chapter. */
  readonly withinMs: number;
  /** Ends the story early. */
  readonly signal: AbortSignal;
}

/** Places the orders of the story, with their faults. The shop must have been started with `faultsOf(base)`. */
export async function tell(shop: Shop, telling: Telling): Promise<void> {
  const { base, signal, told } = telling;
  let before: Promise<void> = Promise.resolve();
  // Orders go their ways at the same time, and are told of in the order of their numbers.
  const begin = async (chapter: Chapter): Promise<void> => {
    const id = `order_${base + chapter.number}`;
    await shop.place({ id });
    const watched = isSeen(id, chapter, telling);
    before = before.then(async () => {
      const isThere = await watched;
      if (!signal.aborted) told(id, chapter, isThere);
    });
  };
  for (const chapter of STORY) {
    if (signal.aborted) return;
    const fault = chapter.fault === null ? null : parseFault(chapter.fault);
    if (fault === null || !ALONE.has(fault.kind)) {
      await begin(chapter);
      continue;
    }
    await before;
    const others = faultsOf(base);
    await shop.setFaults([...others, fault]);
    await begin(chapter);
    await before;
    // A consumer that is down stays down: that is how its order goes on missing it.
    if (fault.kind !== 'down') await shop.setFaults(others);
  }
  await before;
}

async function isSeen(
  id: string,
  chapter: Chapter,
  { ask, withinMs, signal }: Pick<Telling, 'ask' | 'withinMs' | 'signal'>,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!signal.aborted) {
    const seen = await ask(id);
    if (seen !== null && chapter.isThere(seen)) return true;
    if (performance.now() >= deadline) return false;
    await pause(signal);
  }
  return false;
}

/** The faults that hold from the beginning, each for its order. */
export function faultsOf(base: number): Fault[] {
  const single = STORY.flatMap(({ number, fault }) => {
    const parsed = fault === null ? null : parseFault(fault);
    return parsed === null || ALONE.has(parsed.kind)
      ? []
      : [{ ...parsed, orders: [`order_${base + number}`] }];
  });
  return [...ALWAYS, ...single];
}

/** Between two questions to Upshot, which looks at nothing but what has arrived. */
const ASK_EVERY_MS = 200;

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ASK_EVERY_MS);
    signal.addEventListener('abort', done);
  });
}

/** The customer has both mails, and nothing that telemetry has told of is open. */
function isDone(seen: Seen): boolean {
  return seen.status === 'completed' && times(seen, 'mail', 'succeeded') >= 2;
}

function times({ deliveries }: Seen, consumer: string, status: string): number {
  return deliveries.filter((one) => one.consumer === consumer && one.status === status).length;
}

function found({ findings }: Seen, kind: string): boolean {
  return findings.some((finding) => finding.kind === kind);
}
