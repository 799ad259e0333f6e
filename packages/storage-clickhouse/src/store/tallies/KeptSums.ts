import type { Minute } from '@upshot/model';
import { type PackedSum, sizeOf } from './PackedSum.js';

/** Which sums. */
interface Place {
  readonly kind: string;
  readonly from: Minute;
  /** Minutes from there. */
  readonly width: number;
  /** Minutes of each sum. */
  readonly step: number;
}

interface Kept {
  /** Of the minutes when they were read. */
  readonly mark: bigint;
  readonly sums: readonly PackedSum[];
  /** Whether they have their examples. */
  readonly exemplified: boolean;
  readonly bytes: number;
}

/** Sums that were read before, for as long as nothing in their minutes has changed. */
export class KeptSums {
  /** Least recently used first. */
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  /** Beyond `mostBytes` of memory the least recently used are dropped. */
  constructor(private readonly mostBytes: number) {}

  /** `exemplified`: null, too, where they were read without examples. */
  get(place: Place, mark: bigint, exemplified: boolean): readonly PackedSum[] | null {
    const name = nameOf(place);
    const known = this.kept.get(name);
    if (known === undefined) return null;
    this.kept.delete(name);
    if (known.mark !== mark || (exemplified && !known.exemplified)) {
      this.bytes -= known.bytes;
      return null;
    }
    this.kept.set(name, known);
    return known.sums;
  }

  put(place: Place, mark: bigint, exemplified: boolean, sums: readonly PackedSum[]): void {
    const name = nameOf(place);
    this.bytes -= this.kept.get(name)?.bytes ?? 0;
    this.kept.delete(name);
    const bytes = sizeOf(sums);
    this.kept.set(name, { mark, sums, exemplified, bytes });
    this.bytes += bytes;
    for (const [oldest, dropped] of this.kept) {
      if (this.bytes <= this.mostBytes) return;
      this.kept.delete(oldest);
      this.bytes -= dropped.bytes;
    }
  }

  clear(): void {
    this.kept.clear();
    this.bytes = 0;
  }
}

function nameOf({ kind, from, width, step }: Place): string {
  return `${from} ${width} ${step} ${kind}`;
}
