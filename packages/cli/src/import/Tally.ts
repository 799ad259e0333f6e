import { counted, formatCount, safeText } from '@upshot/text';
import type { ExportOutcome } from './ExportClient.js';
import type { Noun, TelemetryRequest } from './TelemetryRequest.js';

const MOST_REASONS = 10;

/** What an import came to. */
export class Tally {
  private readonly acceptedOf = new Map<Noun, number>([['span', 0]]);
  private refused = 0;
  private readonly reasons = new Map<string, number>();
  readonly failures: string[] = [];

  get accepted(): number {
    return [...this.acceptedOf.values()].reduce((sum, count) => sum + count, 0);
  }

  count({ noun, count }: TelemetryRequest, { refused, reason }: ExportOutcome): void {
    this.acceptedOf.set(noun, (this.acceptedOf.get(noun) ?? 0) + count - refused);
    this.refused += refused;
    if (refused > 0) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + refused);
  }

  /** `12 spans and 3 log records`. */
  acceptedText(): string {
    const some = [...this.acceptedOf].filter(([, count]) => count > 0);
    const parts = (some.length > 0 ? some : [['span', 0] as const]).map(([noun, count]) =>
      counted(count, noun),
    );
    return [parts.slice(0, -1).join(', '), parts.at(-1)!].filter((part) => part !== '').join(' and ');
  }

  /** A file that could not be read. */
  fail(message: string): void {
    this.failures.push(message);
  }

  lines(files: number): string[] {
    const lines = [
      `${this.acceptedText()} accepted, ${formatCount(this.refused)} refused, from ${counted(files, 'file')}`,
    ];
    const reasons = [...this.reasons].sort(([, a], [, b]) => b - a);
    for (const [reason, count] of reasons.slice(0, MOST_REASONS))
      lines.push(`  ${formatCount(count)} refused: ${safeText(reason)}`);
    if (reasons.length > MOST_REASONS)
      lines.push(`  and for ${formatCount(reasons.length - MOST_REASONS)} further reasons`);
    for (const failure of this.failures) lines.push(`  ${safeText(failure)}`);
    return lines;
  }
}
