import type { FailureCause } from '@upshot/model';

/** An error in a few words: its message where it says something, else its type; "" where it says but that there was one. */
function errorWords({ type, message }: FailureCause): string {
  const text = message.trim().split('\n', 1)[0]!;
  if (text === '') return type === 'Error' ? '' : type;
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** What several failures say: the last one's words, and how many said otherwise; "" where none says anything. */
export function errorsWords(errors: readonly (FailureCause | null)[]): string {
  const words = errors.map((error) => (error === null ? '' : errorWords(error))).filter((one) => one !== '');
  const last = words.at(-1);
  if (last === undefined) return '';
  const others = new Set(words).size - 1;
  return `${last}${others === 0 ? '' : others === 1 ? ' and another error' : ` and ${others} other errors`}`;
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
  const named = ORDINALS[number - 1];
  if (named !== undefined) return named;
  const teen = Math.floor(number / 10) % 10 === 1;
  return `${number}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}
