import { counted, formatCount, safeText } from '@upshot/text';
import type { ExportOutcome } from './ExportClient.js';

const MOST_REASONS = 10;

/** What an import came to. */
export class Tally {
  accepted = 0;
  private refused = 0;
  private readonly reasons = new Map<string, number>();
  readonly failures: string[] = [];

  count(spans: number, { refused, reason }: ExportOutcome): void {
    this.accepted += spans - refused;
    this.refused += refused;
    if (refused > 0) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + refused);
  }

  /** A file that could not be read. */
  fail(message: string): void {
    this.failures.push(message);
  }

  lines(files: number): string[] {
    const lines = [
      `${counted(this.accepted, 'span')} accepted, ${formatCount(this.refused)} refused, from ${counted(files, 'file')}`,
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
