import type {
  Arrivals,
  EntryPoint,
  Found,
  Lookup,
  RollUp,
  RollUpCount,
  RollUpCountQuery,
  RollUpQuery,
  TallyCell,
  TallyQuery,
  TallySum,
} from '@upshot/model';
import type {
  EntryQuery,
  NamedText,
  NoteRemoval,
  Removal,
  Reread,
  Store,
  StoreStatistics,
  WriteBatch,
} from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';

/** What becomes of a write: an error to reject with, a promise to wait for first, or nothing out of the ordinary. */
export type Fault = Error | Promise<unknown> | null;

/** The store in memory, whose writes fail and stall when the test says so. */
export class FaultyStore implements Store {
  readonly description = 'faulty store in memory';
  /** Rows of each write that was tried. */
  readonly writes: number[] = [];
  writesAtOnce = 0;
  mostWritesAtOnce = 0;
  private readonly memory = openMemoryStore();

  constructor(private readonly fault: (write: number) => Fault = () => null) {}

  async write(batch: WriteBatch): Promise<void> {
    const number = this.writes.push(
      batch.spans.reduce((rows, spans) => rows + spans.rows, 0) + batch.records.length,
    );
    this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, ++this.writesAtOnce);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      const fault = this.fault(number);
      if (fault instanceof Error) throw fault;
      await fault;
      await this.memory.write(batch);
    } finally {
      this.writesAtOnce--;
    }
  }

  find(lookup: Lookup): Promise<Found> {
    return this.memory.find(lookup);
  }

  entries(query: EntryQuery): Promise<EntryPoint[]> {
    return this.memory.entries(query);
  }

  statistics(): Promise<StoreStatistics> {
    return this.memory.statistics();
  }

  arrivals(after: bigint | null, limit: number): Promise<Arrivals> {
    return this.memory.arrivals(after, limit);
  }

  arrived(after: bigint | null, until: bigint, oneIn?: number): Promise<Found> {
    return this.memory.arrived(after, until, oneIn);
  }

  writeRollUps(rollUps: readonly RollUp[]): Promise<void> {
    return this.memory.writeRollUps(rollUps);
  }

  rollUps(query: RollUpQuery): Promise<RollUp[]> {
    return this.memory.rollUps(query);
  }

  countRollUps(query: RollUpCountQuery): Promise<RollUpCount[]> {
    return this.memory.countRollUps(query);
  }

  writeTallies(cells: readonly TallyCell[]): Promise<void> {
    return this.memory.writeTallies(cells);
  }

  tallies(query: TallyQuery): Promise<TallySum[]> {
    return this.memory.tallies(query);
  }

  documents(prefix: string): Promise<NamedText[]> {
    return this.memory.documents(prefix);
  }

  document(name: string): Promise<string | null> {
    return this.memory.document(name);
  }

  putDocument(name: string, text: string): Promise<void> {
    return this.memory.putDocument(name, text);
  }

  clearRollUps(): Promise<void> {
    return this.memory.clearRollUps();
  }

  outdated(): Promise<number> {
    return this.memory.outdated();
  }

  reindex(reread: Reread, limit: number): Promise<number> {
    return this.memory.reindex(reread, limit);
  }

  remove(removal: Removal): Promise<void> {
    return this.memory.remove(removal);
  }

  removeNotes(removal: NoteRemoval): Promise<void> {
    return this.memory.removeNotes(removal);
  }

  expire(before: bigint): Promise<void> {
    return this.memory.expire(before);
  }

  close(): Promise<void> {
    return this.memory.close();
  }
}
