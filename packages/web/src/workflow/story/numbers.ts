const ORDINALS = [
  '',
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
const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `third`, `12th`. */
export function ordinal(count: number): string {
  const word = ORDINALS[count];
  if (word) return word;
  const [tens, ones] = [count % 100, count % 10];
  const end =
    tens >= 11 && tens <= 13 ? 'th' : ones === 1 ? 'st' : ones === 2 ? 'nd' : ones === 3 ? 'rd' : 'th';
  return `${count}${end}`;
}

/** `once`, `twice`, `4 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

/** `four`, `12`: small numbers as words, as one would say them. */
export function spoken(count: number): string {
  return COUNTS[count] ?? `${count}`;
}
