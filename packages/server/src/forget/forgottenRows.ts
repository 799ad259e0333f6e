import { createHash } from 'node:crypto';
import { askForgotten, type Forgotten } from '@upshot/causality';
import type { LogPlace } from '@upshot/storage';
import { asking, type Questioning } from '../ask/Questioning.js';

/** What is to go, with its log records by their places. */
export type ForgottenRows = Omit<Forgotten, 'logs'> & { readonly logs: readonly LogPlace[] };

/** Found on the thread that answers; as text, for JSON has no 64-bit integers. */
export function* forgottenRows(key: string, nowUnixNano: bigint): Questioning<string | null> {
  const forgotten = yield* asking(askForgotten(key, { nowUnixNano }));
  if (forgotten === null || forgotten === 'several') return forgotten && JSON.stringify(forgotten);
  const logs = forgotten.logs.map(({ tail, ...place }) => ({
    ...place,
    tailMd5: createHash('md5').update(tail).digest('hex'),
  }));
  return JSON.stringify({ ...forgotten, logs }, (_name, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/** The reverse of what `forgottenRows` writes. */
export function parseForgotten(text: string): ForgottenRows | 'several' {
  return JSON.parse(text, (name, value) => {
    if (name === 'times') return (value as string[]).map(BigInt);
    return name === 'timeUnixNano' ? BigInt(value) : value;
  }) as ForgottenRows | 'several';
}
