import type { Engine } from '../engine/Engine.js';
import { encodeDocument } from '../native/encodeDocument.js';
import { readBlocks } from '../native/NativeBlock.js';
import { NativeWriter } from '../native/NativeWriter.js';
import { DOCUMENTS_INSERT } from '../schema/documentsTable.js';
import { newestStampSql } from '../sql/arrivalsSql.js';
import { runningSql } from '../sql/runningSql.js';
import { forgetWritersSql, WRITER_PREFIX, WRITERS_SQL } from '../sql/writersSql.js';
import type { Stamps } from './Stamps.js';
import type { Settled, WriteStamps } from './WriteStamps.js';

/** While it writes, a process says so this often. */
const SAY_MS = 1_000;
/** A process writes no row when it said so last longer ago than this: it says so again first. */
const LEASE_MS = 2_500;
/** A process that has said nothing for so long, and of which no statement runs, is gone. Twice the lease, for what was sent at its end. */
const GONE_MS = 5_000;
/** A process that has written nothing for so long says that it rests: nobody waits for it then. */
const REST_MS = 3_000;
/** Beyond so many processes that have ever written, those that said nothing for a day are forgotten. */
const MANY = 64;
const FORGOTTEN_NANO = 86_400_000_000_000n;

/** What a process says of itself. Both are decimal strings. */
interface Said {
  /** Every row of it with a lower stamp is visible, and it writes none with a lower one. null: it rests, and says something else before it writes again. */
  readonly floor: string | null;
  /** No row of it that is visible has a higher stamp. */
  readonly last: string;
}

/**
 * The stamps of one of several processes that write to the same tables, without a leader. Each says in a document of its own from which stamp on it
 * writes; all that is below the least of them has settled.
 *
 *     A   floor 10 ───── floor 17 ─────── floor 23
 *     B         rests ──────── floor 18 ─────────── rests
 *     settled     9     16       16 17       17      22
 *
 * It rests on what is in the store alone, never on clocks that agree: who begins to write says so first, then reads what all others have said, and gives no
 * stamp that anybody may have taken for settled by then. See docs/decisions/015-several-servers.md.
 */
export class SharedStamps implements WriteStamps {
  private readonly name: string;
  /** Monotonic milliseconds. */
  private saidAt = Number.NEGATIVE_INFINITY;
  private wroteAt = Number.NEGATIVE_INFINITY;
  private resting = true;
  private changed = false;
  /** Since when what others say has been what it is. */
  private readonly heard = new Map<string, { readonly text: string; readonly atMs: number }>();
  private timer: NodeJS.Timeout | null = null;
  private saying: Promise<void> = Promise.resolve();
  /** Those who are gone, and whose rows this process has covered. */
  private readonly taken = new Set<string>();

  private constructor(
    private readonly engine: Engine,
    writerId: string,
    private readonly own: Stamps,
  ) {
    this.name = `${WRITER_PREFIX}${writerId}`;
  }

  /** `own`: behind every stamp in the store. Says that this process is there, and forgets those that are long gone. */
  static async open(engine: Engine, writerId: string, own: Stamps): Promise<SharedStamps> {
    const stamps = new SharedStamps(engine, writerId, own);
    await stamps.say();
    if ((await stamps.read()).size > MANY)
      await engine.command(forgetWritersSql(own.settledNow - FORGOTTEN_NANO));
    return stamps;
  }

  next(): bigint {
    return this.own.next();
  }

  async beyondAll(): Promise<bigint> {
    await this.raiseToNewest();
    return this.own.next();
  }

  async begin(): Promise<bigint> {
    if (this.resting || performance.now() - this.saidAt > LEASE_MS) await this.enter();
    this.wroteAt = performance.now();
    this.changed = true;
    return this.own.begin();
  }

  settle(): void {
    this.own.settle();
    this.changed = true;
    this.wroteAt = performance.now();
  }

  /** Up to where all that is visible has settled, whoever wrote it. */
  async settled(): Promise<Settled> {
    if (this.changed && !this.resting) await this.say();
    const said = await this.everybody();
    const active = [...said].filter(([, { floor }]) => floor !== null);
    const stamp =
      active.length > 0
        ? least(active.map(([, { floor }]) => BigInt(floor!))) - 1n
        : greatest([...said.values()].map(({ last }) => BigInt(last)));
    return { stamp, waitsForOthers: active.some(([name]) => name !== this.name) };
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.saying;
    // Whoever does not hear it finds out.
    if (!this.resting) await this.rest().catch(() => undefined);
  }

  /** From here on this process writes: it says so, and goes beyond all that others may have taken for settled. */
  private async enter(): Promise<void> {
    this.resting = false;
    await this.say();
    for (const { floor, last } of (await this.read()).values())
      for (const stamp of [floor ?? '0', last]) this.own.raise(BigInt(stamp));
    this.timer ??= setInterval(() => void this.again().catch(() => undefined), SAY_MS);
    this.timer.unref();
  }

  private async again(): Promise<void> {
    const quiet = performance.now() - this.wroteAt > REST_MS && this.own.isSettled;
    if (this.resting) return;
    await (quiet ? this.rest() : this.say());
  }

  /** What all have said that are there. */
  private async everybody(): Promise<Map<string, Said>> {
    const said = await this.read();
    const now = performance.now();
    for (const [name, one] of said) {
      const text = JSON.stringify(one);
      const before = this.heard.get(name);
      if (before?.text !== text) this.heard.set(name, { text, atMs: now });
      else if (name !== this.name && one.floor !== null && now - before.atMs > GONE_MS) {
        if (await this.isRunning(name)) continue;
        said.delete(name);
        await this.takeOver(name);
      }
    }
    for (const name of this.heard.keys()) if (!said.has(name)) this.heard.delete(name);
    return said;
  }

  /** What somebody wrote last, who is gone, is covered by what this process says from now on. */
  private async takeOver(name: string): Promise<void> {
    if (this.taken.has(name)) return;
    await this.raiseToNewest();
    await this.say();
    this.taken.add(name);
  }

  private async raiseToNewest(): Promise<void> {
    const block = readBlocks(await this.engine.query(newestStampSql(this.own.settledNow)))[0];
    if (block !== undefined) this.own.raise(block.uint64('newest', 0));
  }

  private async isRunning(name: string): Promise<boolean> {
    const prefix = `upshot-${name.slice(WRITER_PREFIX.length)}-`;
    return readBlocks(await this.engine.query(runningSql(prefix)))[0]!.count('total', 0) > 0;
  }

  private async read(): Promise<Map<string, Said>> {
    const said = new Map<string, Said>();
    for (const block of readBlocks(await this.engine.query(WRITERS_SQL)))
      for (let row = 0; row < block.rows; row++)
        said.set(block.text('name', row), JSON.parse(block.text('newest', row)) as Said);
    return said;
  }

  private async rest(): Promise<void> {
    this.resting = true;
    await this.say();
  }

  /** One at a time, so that what is said last is what is true last. */
  private say(): Promise<void> {
    const next = this.saying.then(
      () => this.sayNow(),
      () => this.sayNow(),
    );
    this.saying = next.catch(() => undefined);
    return next;
  }

  private async sayNow(): Promise<void> {
    const began = performance.now();
    this.changed = false;
    const written = this.own.next();
    const floor = this.own.settledNow + 1n;
    const said: Said = this.resting
      ? { floor: null, last: String(written) }
      : { floor: String(floor), last: String(written) };
    const writer = new NativeWriter();
    encodeDocument(writer, this.name, written, JSON.stringify(said));
    await this.engine.insert(DOCUMENTS_INSERT, writer.written());
    this.saidAt = began;
  }
}

function least(stamps: readonly bigint[]): bigint {
  return stamps.reduce((a, b) => (b < a ? b : a));
}

function greatest(stamps: readonly bigint[]): bigint {
  return stamps.reduce((a, b) => (b > a ? b : a), 0n);
}
