const SECOND = 1_000_000_000n;
const UNITS = [
  { nanos: 24n * 3600n * SECOND, one: 'day', many: 'days' },
  { nanos: 3600n * SECOND, one: 'h', many: 'h' },
  { nanos: 60n * SECOND, one: 'min', many: 'min' },
  { nanos: SECOND, one: 's', many: 's' },
] as const;

/** How long ago, as one would say it: `just now`, `12 s ago`, `4 min ago`, `6 h ago`, `3 days ago`; `in 5 s` for a time ahead of the clock. */
export function formatAge(unixNano: bigint, nowUnixNano: bigint): string {
  const ahead = unixNano > nowUnixNano;
  const nanos = ahead ? unixNano - nowUnixNano : nowUnixNano - unixNano;
  const unit = UNITS.find((candidate) => nanos >= candidate.nanos);
  if (!unit) return 'just now';
  const count = nanos / unit.nanos;
  const words = `${count} ${count === 1n ? unit.one : unit.many}`;
  return ahead ? `in ${words}` : `${words} ago`;
}
