import type { Lookup } from '@upshot/model';
import type { AtHand } from './AtHand.js';

/**
 * How far back a thing is looked for. `near`: what has it cannot have started long before the rows that are known, for it follows from
 * them: who links to a span, who consumes or names an event whose publish is known. `far`: at any age.
 */
export type Reach = 'near' | 'far';

/** One thing to look up, alone. */
export type Atom = { readonly reach: Reach } & AtomKey;

type AtomKey =
  | {
      readonly kind: 'traceIds' | 'spanIds' | 'eventIds' | 'correlationIds' | 'causationIds';
      readonly id: string;
    }
  | { readonly kind: 'linksTo'; readonly id: string; readonly traceId: string; readonly spanId: string }
  | { readonly kind: 'within'; readonly id: string; readonly traceId: string; readonly spanId: string };

export function atomKey({ kind, id }: Pick<Atom, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** What is wanted next, each thing asked for once in the whole collection. */
export class Wanted {
  private readonly asked: Readonly<Record<Atom['kind'], Map<string, Reach>>> = {
    traceIds: new Map(),
    spanIds: new Map(),
    eventIds: new Map(),
    correlationIds: new Map(),
    causationIds: new Map(),
    linksTo: new Map(),
    within: new Map(),
  };
  private next: Atom[] = [];

  get size(): number {
    return this.next.length;
  }

  want(
    kind: 'traceIds' | 'spanIds' | 'eventIds' | 'correlationIds' | 'causationIds',
    id: string | null,
    reach: Reach = 'far',
  ): void {
    if (id !== null && id !== '') this.add({ kind, id, reach });
  }

  wantLinksTo(traceId: string, spanId: string): void {
    this.add({ kind: 'linksTo', id: `${traceId}/${spanId}`, traceId, spanId, reach: 'near' });
  }

  /** A span of a trace that is too large to be fetched whole, and its children. */
  wantWithin(traceId: string, spanId: string): void {
    if (spanId !== '')
      this.add({ kind: 'within', id: `${traceId}/${spanId}`, traceId, spanId, reach: 'far' });
  }

  /** Notes that all rows of a trace are at hand. */
  has(traceId: string): void {
    this.asked.traceIds.set(traceId, 'far');
  }

  /** Whether the spans of a trace were asked for. */
  hasAskedFor(traceId: string): boolean {
    return this.asked.traceIds.has(traceId);
  }

  /** What is wanted now, and not yet taken. */
  open(): readonly Atom[] {
    return this.next;
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
    const known = this.asked[atom.kind];
    const asked = known.get(atom.id);
    if (asked === 'far' || asked === atom.reach) return;
    known.set(atom.id, atom.reach);
    this.next.push(atom);
  }
}

/**
 * Atoms as one look-up; `since`: where all of them are near, rows before this may be left out; so may those after `until`, and
 * those `atHand`.
 */
export function lookupOf(
  atoms: readonly Atom[],
  limit: number,
  since: bigint | null,
  until: bigint | null,
  { except }: AtHand,
): Lookup {
  const byKind = new Map<Atom['kind'], string[]>();
  for (const { kind, id } of atoms) {
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [id]);
    else known.push(id);
  }
  const ids = (kind: Atom['kind']): readonly string[] => byKind.get(kind) ?? [];
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
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
    ...(except === undefined ? {} : { except }),
    limit,
  };
}
