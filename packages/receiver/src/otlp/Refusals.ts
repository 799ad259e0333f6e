/** Why a span or a log record is refused. The codes are labels of metrics; the texts go to the sender. */
export const REFUSALS = {
  'trace-id-missing': 'trace ID is missing',
  'trace-id-zero': 'trace ID is all zero',
  'trace-id-size': 'trace ID is not 16 bytes long',
  'span-id-missing': 'span ID is missing',
  'span-id-zero': 'span ID is all zero',
  'span-id-size': 'span ID is not 8 bytes long',
  'start-missing': 'start time is zero',
  'too-old': 'started before the retention',
  'too-deep': 'an attribute is nested too deep',
  'too-many-keys': 'its attributes and links make too many broker positions',
  'source-too-large': 'its resource and scope are too large',
  'no-context': 'carries no trace ID, event ID or correlation ID',
  'bad-json': 'a field has a wrong value',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

const MOST_REASONS = 8;
const MOST_NAME = 60;

/** The refused spans or log records of one request: how many, and why, grouped by reason, each with the name of the first. */
export class Refusals {
  count = 0;
  readonly byCode = new Map<RefusalCode, number>();
  private readonly reasons = new Map<string, { count: number; name: string }>();

  constructor(
    private readonly retentionNano: bigint | null,
    /** What is refused, in the singular. */
    readonly noun: 'span' | 'log record' = 'span',
  ) {}

  /** `nameOf` is asked for the first of each reason. `detail` replaces the code's text, e.g. with the name of a JSON field. */
  add(code: RefusalCode, nameOf: () => string, detail: string = this.text(code)): void {
    this.count++;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
    const known = this.reasons.get(detail);
    if (known) known.count++;
    else if (this.reasons.size < MOST_REASONS) this.reasons.set(detail, { count: 1, name: nameOf() });
    else {
      const others = this.reasons.get(OTHERS);
      if (others) others.count++;
      else this.reasons.set(OTHERS, { count: 1, name: '' });
    }
  }

  /** For the sender: `3 spans: trace ID is all zero (first: "orders publish"); 1 span: …`. "" where nothing was refused. */
  message(): string {
    return [...this.reasons]
      .map(([reason, { count, name }]) => {
        const first = name === '' ? '' : ` (first: ${JSON.stringify(name.slice(0, MOST_NAME))})`;
        return `${count} ${this.noun}${count === 1 ? '' : 's'}: ${reason}${first}`;
      })
      .join('; ');
  }

  private text(code: RefusalCode): string {
    if (code !== 'too-old' || this.retentionNano === null) return REFUSALS[code];
    return `${REFUSALS[code]} of ${durationText(this.retentionNano)}`;
  }
}

function durationText(nano: bigint): string {
  const hours = Number(nano / 3_600_000_000_000n);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 2 ? `${hours} hours` : `${Number(nano / 1_000_000_000n)} seconds`;
}

const OTHERS = 'other reasons';
