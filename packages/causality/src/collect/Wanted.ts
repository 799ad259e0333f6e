import type { Lookup } from '@upshot/model';

/** One thing to look up, alone. */
export type Atom =
  | {
      readonly kind: 'traceIds' | 'spanIds' | 'eventIds' | 'correlationIds' | 'causationIds';
      readonly id: string;
    }
  | { readonly kind: 'linksTo'; readonly id: string; readonly traceId: string; readonly spanId: string }
  | { readonly kind: 'within'; readonly id: string; readonly traceId: string; readonly spanId: string };

/** What is wanted next, each thing asked for once in the whole collection. */
export class Wanted {
  private readonly asked = new Set<string>();
  private next: Atom[] = [];

  get size(): number {
    return this.next.length;
  }

  want(
    kind: 'traceIds' | 'spanIds' | 'eventIds' | 'correlationIds' | 'causationIds',
    id: string | null,
  ): void {
    if (id !== null && id !== '') this.add({ kind, id });
  }

  wantLinksTo(traceId: string, spanId: string): void {
    this.add({ kind: 'linksTo', id: `${traceId}/${spanId}`, traceId, spanId });
  }

  /** A span of a trace that is too large to be fetched whole, and its children. */
  wantWithin(traceId: string, spanId: string): void {
    if (spanId !== '') this.add({ kind: 'within', id: `${traceId}/${spanId}`, traceId, spanId });
  }

  /** Whether the spans of a trace were asked for. */
  hasAskedFor(traceId: string): boolean {
    return this.asked.has(`traceIds:${traceId}`);
  }

  /** Asks once more for what was cut off. */
  again(atom: Atom): void {
    this.next.push(atom);
  }

  take(): Atom[] {
    const taken = this.next;
    this.next = [];
    return taken;
  }

  private add(atom: Atom): void {
    const key = `${atom.kind}:${atom.id}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    this.next.push(atom);
  }
}

/** Atoms as one look-up. */
export function lookupOf(atoms: readonly Atom[], limit: number): Lookup {
  const ids = (kind: Atom['kind']) => atoms.filter((atom) => atom.kind === kind).map(({ id }) => id);
  const within = new Map<string, string[]>();
  const linksTo: { traceId: string; spanId: string }[] = [];
  for (const atom of atoms) {
    if (atom.kind === 'linksTo') linksTo.push({ traceId: atom.traceId, spanId: atom.spanId });
    else if (atom.kind === 'within') {
      const spans = within.get(atom.traceId);
      if (spans === undefined) within.set(atom.traceId, [atom.spanId]);
      else spans.push(atom.spanId);
    }
  }
  return {
    traceIds: ids('traceIds'),
    spanIds: ids('spanIds'),
    eventIds: ids('eventIds'),
    correlationIds: ids('correlationIds'),
    causationIds: ids('causationIds'),
    linksTo,
    within: [...within].map(([traceId, spanIds]) => ({ traceId, spanIds })),
    limit,
  };
}
