import { formatClock, formatTimestamp } from '../words/format.js';

/** The stretches of time that one chooses with one click; the value is the API's `since`. */
export const RANGES: readonly { readonly since: string; readonly name: string }[] = [
  { since: '15m', name: 'Last 15 min' },
  { since: '1h', name: 'Last hour' },
  { since: '8h', name: 'Last 8 h' },
  { since: '24h', name: 'Last 24 h' },
  { since: '7d', name: 'Last 7 days' },
  { since: '', name: 'All that is kept' },
];

const NANOS = /^\d{16,20}$/;

/** A range in words: `07:45 to 08:03`, with dates where it spans more than one. */
export function rangeWords(since: string | null, until: string | null): string {
  const known = RANGES.find((range) => range.since === (since ?? '') && until === null);
  if (known) return known.name;
  if (since && until && NANOS.test(since) && NANOS.test(until)) {
    const [from, to] = [formatTimestamp(BigInt(since)), formatTimestamp(BigInt(until))];
    const isOneDay = from.slice(0, 10) === to.slice(0, 10);
    const short = (text: string, nanos: string) =>
      isOneDay ? formatClock(BigInt(nanos)).slice(0, 5) : text.slice(0, 16);
    return `${short(from, since)} to ${short(to, until)}`;
  }
  return [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(', ');
}
