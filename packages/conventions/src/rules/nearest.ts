/** The known word nearest to a misspelt one; one that it begins, or one of which a third of its letters differ. */
export function nearest(word: string, known: readonly string[]): string | null {
  const begun = known.find((one) => word.length >= 4 && one.startsWith(word));
  if (begun !== undefined) return begun;
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const one of known) {
    const distance = editDistance(word.toLowerCase(), one.toLowerCase(), least);
    if (distance < least) {
      least = distance;
      best = one;
    }
  }
  return best;
}

/** ` (did you mean x?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? '' : ` (did you mean ${meant}?)`;
}

/** Levenshtein's distance; `limit` where it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 256 || b.length > 256) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return Math.min(limit, row[b.length]!);
}
