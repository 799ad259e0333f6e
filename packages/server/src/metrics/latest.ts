export interface Patience {
  /** Who asks within this time of an answer gets that answer again, milliseconds. */
  readonly freshMs: number;
  /** An answer so old is still better than none where a new one does not come, milliseconds. */
  readonly staleMs: number;
  /** Nobody waits longer, milliseconds. */
  readonly patienceMs: number;
}

/** What a scrape may ask of something slow: asked once at a time, never waited for long, never failing. Null: there is no answer. */
export function latest<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { freshMs, staleMs, patienceMs }: Patience,
): () => Promise<T | null> {
  let known: { readonly answer: T; readonly at: number } | null = null;
  let pending: Promise<void> | null = null;
  const isYoung = (ms: number) => known !== null && performance.now() - known.at < ms;
  return async () => {
    if (isYoung(freshMs)) return known!.answer;
    pending ??= answered(ask, patienceMs)
      .then((answer) => {
        known = { answer, at: performance.now() };
      })
      .catch(() => {
        if (!isYoung(staleMs)) known = null;
      })
      .finally(() => {
        pending = null;
      });
    await pending;
    return known === null ? null : (known as { readonly answer: T }).answer;
  };
}

/** Rejects where the answer does not come in time, whether or not whoever is asked minds the signal. */
async function answered<T>(ask: (signal: AbortSignal) => Promise<T>, patienceMs: number): Promise<T> {
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      ended.abort();
      reject(new Error('No answer in time'));
    }, patienceMs);
  });
  try {
    return await Promise.race([ask(ended.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
