import { hexAt, type SpanBatch } from '@upshot/model';
import type { Atom } from './Wanted.js';

/**
 * Things of one look-up. A store reads all of its keys for each that names thousands, so few large ones are cheaper than many; but what takes too long
 * can be ended only between two.
 */
const AT_ONCE = 60_000;

/** What is wanted as look-ups of bounded size; `near`: what may be looked for near apart from what may not. */
export function pieces(atoms: readonly Atom[], near: boolean): Atom[][] {
  const groups = near
    ? [atoms.filter(({ reach }) => reach === 'near'), atoms.filter(({ reach }) => reach === 'far')]
    : [atoms];
  const cut: Atom[][] = [];
  for (const group of groups)
    for (let at = 0; at < group.length; at += AT_ONCE) cut.push(group.slice(at, at + AT_ONCE));
  return cut;
}

/**
 * Too much for one look-up: first apart from what is limited to less because a correlation ID stands beside it, then the trace that most of it came of apart from the
 * rest, else by halves.
 */
export function partedAtoms(
  atoms: readonly Atom[],
  isFirstAsked: (atom: Atom) => boolean,
  largest: string | null,
): Atom[][] {
  const isOfLargest = ({ kind, id }: Atom) => kind === 'traceIds' && id === largest;
  for (const isApart of [isFirstAsked, isOfLargest]) {
    const apart = atoms.filter(isApart);
    if (apart.length > 0 && apart.length < atoms.length)
      return [apart, atoms.filter((atom) => !isApart(atom))];
  }
  const half = atoms.length >> 1;
  return [atoms.slice(0, half), atoms.slice(half)];
}

/** The trace of more than half of the rows; null where there is none. */
export function dominantTrace({ rows, traceIds }: SpanBatch): string | null {
  // If one has more than half, it is left over when each row of another takes one of its own away.
  let candidate = '';
  let surplus = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const traceId = hexAt(traceIds, row * 16, 16);
    if (surplus === 0) candidate = traceId;
    surplus += traceId === candidate ? 1 : -1;
  }
  for (let row = 0; row < rows; row++) if (hexAt(traceIds, row * 16, 16) === candidate) count++;
  return count * 2 > rows ? candidate : null;
}

export function sameKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
