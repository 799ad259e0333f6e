import type {
  RollUp,
  RollUpCount,
  RollUpCountQuery,
  RollUpQuery,
  TallyCell,
  TallyQuery,
  TallySum,
} from '@upshot/model';
import type { NamedText } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { encodeDocument } from '../native/encodeDocument.js';
import { encodeRollUps } from '../native/encodeRollUps.js';
import { encodeTallies, rowsOfCell } from '../native/encodeTallies.js';
import { readBlocks } from '../native/NativeBlock.js';
import { NativeWriter } from '../native/NativeWriter.js';
import { DOCUMENTS_INSERT } from '../schema/documentsTable.js';
import type { InsertTarget } from '../schema/InsertTarget.js';
import { ROLL_UPS_INSERT } from '../schema/rollUpsTable.js';
import { TALLIES_INSERT } from '../schema/talliesTable.js';
import { documentSql, documentsSql } from '../sql/documentsSql.js';
import { rollUpCountsSql } from '../sql/rollUpsSql.js';
import { RollUpReader } from './RollUpReader.js';
import { TallyReader } from './tallies/TallyReader.js';
import type { WriteStamps } from './WriteStamps.js';

/** What one insert carries at most. Notes are a kilobyte or two each. */
const INSERT_ROWS = 16_384;

/** What the background notes: roll-ups, tallies and documents. */
export class Notes {
  private readonly rollUpReader: RollUpReader;
  private readonly tallyReader: TallyReader;
  /** What is being written; `close` waits for it. */
  private readonly writing = new Set<Promise<void>>();

  /** `clock`: Unix milliseconds, by which rows with wild times are filed. */
  constructor(
    private readonly engine: Engine,
    private readonly clock: () => number,
    private readonly stamps: WriteStamps,
  ) {
    this.rollUpReader = new RollUpReader(engine);
    this.tallyReader = new TallyReader(engine);
  }

  writeRollUps(rollUps: readonly RollUp[]): Promise<void> {
    return this.tracked(this.insertRollUps(rollUps));
  }

  writeTallies(cells: readonly TallyCell[]): Promise<void> {
    return this.tracked(this.insertTallies(cells));
  }

  putDocument(name: string, text: string): Promise<void> {
    return this.tracked(this.insertDocument(name, text));
  }

  clear(): Promise<void> {
    return this.tracked(this.truncate());
  }

  private async insertRollUps(rollUps: readonly RollUp[]): Promise<void> {
    for (let at = 0; at < rollUps.length; at += INSERT_ROWS) {
      const group = rollUps.slice(at, at + INSERT_ROWS);
      await this.insert(ROLL_UPS_INSERT, (writer) => encodeRollUps(writer, group, this.clock()));
    }
  }

  async countRollUps(query: RollUpCountQuery): Promise<RollUpCount[]> {
    return readBlocks(await this.engine.query(rollUpCountsSql(query))).flatMap((block) =>
      Array.from({ length: block.rows }, (_, row) => ({
        span: block.count('span', row),
        status: block.text('state', row) as RollUpCount['status'],
        count: block.count('total', row),
      })),
    );
  }

  rollUps(query: RollUpQuery): Promise<RollUp[]> {
    return this.rollUpReader.read(query);
  }

  private async insertTallies(cells: readonly TallyCell[]): Promise<void> {
    let group: TallyCell[] = [];
    let rows = 0;
    const flush = async () => {
      const whole = group;
      group = [];
      rows = 0;
      if (whole.length > 0)
        await this.insert(TALLIES_INSERT, (writer) =>
          encodeTallies(writer, whole, this.clock(), this.stamps.next()),
        );
    };
    for (const cell of cells) {
      // A cell goes into one insert, and of one minute one cell: it is there whole or not at all.
      if (rows + rowsOfCell(cell) > INSERT_ROWS || group.some(({ minute }) => minute === cell.minute))
        await flush();
      group.push(cell);
      rows += rowsOfCell(cell);
    }
    await flush();
  }

  tallies(query: TallyQuery): Promise<TallySum[]> {
    return this.tallyReader.read(query);
  }

  /** Of what sums were made is gone: they name workflows in their examples. */
  dropSums(): void {
    this.tallyReader.clear();
  }

  async document(name: string): Promise<string | null> {
    const block = readBlocks(await this.engine.query(documentSql(name)))[0];
    return block === undefined ? null : block.text('text', 0);
  }

  async documents(prefix: string): Promise<NamedText[]> {
    return readBlocks(await this.engine.query(documentsSql(prefix))).flatMap((block) =>
      Array.from({ length: block.rows }, (_, row) => ({
        name: block.text('name', row),
        text: block.text('newest', row),
      })),
    );
  }

  private async insertDocument(name: string, text: string): Promise<void> {
    const written = this.stamps.next();
    await this.insert(DOCUMENTS_INSERT, (writer) => encodeDocument(writer, name, written, text));
  }

  private async truncate(): Promise<void> {
    for (const table of ['roll_ups', 'tallies']) await this.engine.command(`TRUNCATE TABLE ${table}`);
    this.dropSums();
  }

  /** Resolves when nothing is under way, however it ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.writing);
  }

  /** With a writer of its own: an insert that was given up may still be reading its memory. */
  private async insert(target: InsertTarget, encode: (writer: NativeWriter) => void): Promise<void> {
    const writer = new NativeWriter();
    encode(writer);
    await this.engine.insert(target, writer.written());
  }

  private async tracked(work: Promise<void>): Promise<void> {
    this.writing.add(work);
    try {
      await work;
    } finally {
      this.writing.delete(work);
    }
  }
}
