import { ProtobufReader, ProtobufWriter } from '@upshot/model';
import type { Series } from './Series.js';

/** Below this much nothing is gained by writing it anew. */
const LEAST_DROPPED = 1 << 20;

/** What one workflow adds to one series. */
interface Part {
  readonly series: Series;
  /** Each counter before what it grows by. */
  readonly counts: readonly number[];
}

/**
 * What workflows contribute, packed: some 200 bytes a workflow where objects took two kilobytes, and a busy minute has a hundred thousand of them. Counters and
 * counts of one workflow are written as varints of 32 bits.
 */
export class ContributionLog {
  private readonly writer = new ProtobufWriter();
  private readonly numbers = new Map<Series, number>();
  private readonly series: Series[] = [];
  private dropped = 0;

  /** Returns its place. */
  add(parts: readonly Part[]): number {
    const place = this.writer.length;
    this.writer.varint(parts.length);
    for (const { series, counts } of parts) {
      this.writer.varint(this.numberOf(series));
      this.writer.varint(counts.length);
      for (const count of counts) this.writer.varint(count);
    }
    return place;
  }

  /** In the order in which they were added. Not to be read on after anything else was added. */
  *read(place: number): Generator<Part> {
    const reader = this.readerAt(place);
    for (let parts = reader.varint32(); parts > 0; parts--) {
      const series = this.series[reader.varint32()]!;
      const counts: number[] = [];
      for (let left = reader.varint32(); left > 0; left--) counts.push(reader.varint32());
      yield { series, counts };
    }
  }

  /** What is there is of no more use. */
  drop(place: number): void {
    const reader = this.readerAt(place);
    for (let parts = reader.varint32(); parts > 0; parts--) {
      reader.varint32();
      for (let left = reader.varint32(); left > 0; left--) reader.varint32();
    }
    this.dropped += reader.at - place;
  }

  /** Nobody contributes to this series any more. */
  retire(series: Series): void {
    this.numbers.delete(series);
  }

  get bytes(): number {
    return this.writer.length;
  }

  get isMostlyDropped(): boolean {
    return this.dropped > LEAST_DROPPED && this.dropped > this.writer.length / 2;
  }

  private readerAt(place: number): ProtobufReader {
    const bytes = this.writer.view();
    return new ProtobufReader(bytes, place, bytes.length);
  }

  private numberOf(series: Series): number {
    let number = this.numbers.get(series);
    if (number === undefined) {
      number = this.series.push(series) - 1;
      this.numbers.set(series, number);
    }
    return number;
  }
}
