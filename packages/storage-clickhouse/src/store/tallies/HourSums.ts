import type { Minute } from '@upshot/model';
import { type PackedSum, sizeOf } from './PackedSum.js';

/** Which sums. */
interface Place {
  readonly kind: string;
  /** Its first minute. */
  readonly hour: Minute;
  /** Minutes of each sum. */
  readonly step: number;
}

interface Hour {
  /** Of the hour when it was read. */
  readonly mark: bigint;
  readonly sums: readonly PackedSum[];
  /** Whether they have their examples. */
  readonly exemplified: boolean;
  readonly bytes: number;
}

/** Sums of hours that were read before, for as long as nothing in them has changed. */
export class HourSums {
  /** Least recently used first. */
  private readonly hours = new Map<string, Hour>();
  private bytes = 0;

  /** Beyond `mostBytes` of memory the least recently used are dropped. */
  constructor(private readonly mostBytes: number) {}

  /** `exemplified`: null, too, where they were read without examples. */
  get(place: Place, mark: bigint, exemplified: boolean): readonly PackedSum[] | null {
    const name = nameOf(place);
    const known = this.hours.get(name);
    if (known === undefined) return null;
    this.hours.delete(name);
    if (known.mark !== mark || (exemplified && !known.exemplified)) {
      this.bytes -= known.bytes;
      return null;
    }
    this.hours.set(name, known);
    return known.sums;
  }

  put(place: Place, mark: bigint, exemplified: boolean, sums: readonly PackedSum[]): void {
    const name = nameOf(place);
    this.bytes -= this.hours.get(name)?.bytes ?? 0;
    this.hours.delete(name);
    const bytes = sizeOf(sums);
    this.hours.set(name, { mark, sums, exemplified, bytes });
    this.bytes += bytes;
    for (const [oldest, dropped] of this.hours) {
      if (this.bytes <= this.mostBytes) return;
      this.hours.delete(oldest);
      this.bytes -= dropped.bytes;
    }
  }

  clear(): void {
    this.hours.clear();
    this.bytes = 0;
  }
}

function nameOf({ kind, hour, step }: Place): string {
  return `${hour} ${step} ${kind}`;
}
