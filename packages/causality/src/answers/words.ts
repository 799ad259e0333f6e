import type { FailureCause } from '@upshot/model';

/** An error in a few words: its message where it says something, else its type. */
export function errorWords({ type, message }: FailureCause): string {
  const text = message.trim().split('\n', 1)[0]!;
  if (text === '') return type;
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function listWords(items: readonly string[], most = 3): string {
  const shown = items.slice(0, most);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  if (shown.length <= 1) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];

export function ordinal(number: number): string {
  return ORDINALS[number - 1] ?? `${number}th`;
}
