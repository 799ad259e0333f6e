import { randomUUID } from 'node:crypto';
import type { Rules } from '@upshot/conventions';
import { rulesIdOf } from '@upshot/knowledge';
import { later } from '@upshot/model';
import type { Store } from '@upshot/storage';
import { AskError } from '../ask/AskError.js';
import { Asker } from '../ask/Asker.js';
import type { NotePlace } from '../ask/Question.js';
import { endedText, noterName } from './Noters.js';
import type { TickReport } from './rollUpTick.js';
import { Signals } from './Signals.js';
import { WriteRate } from './WriteRate.js';

/** Traces a tick: some tenths of a second of work. */
const TRACES = 1_024;
/** With nothing to do, arrivals are looked for so often: others may write to the same store. */
const IDLE_MS = 2_000;
/** After a write: what belongs together often comes within this time. */
const GATHER_MS = 100;
const AFTER_ERROR_MS = 2_000;
/** A page of arrivals takes some 100 MB; a workflow of 100,000 spans ten times that. */
const HEAP_MB = 1_536;
/** Who asks, and what comes in, goes first. Between two that want a processor each it gets a tenth of one. */
const NICENESS = 10;
/** A question waits for what came just before it, where that is little and not much else comes: then a list lacks nothing that was sent. */
const WORTH_WAITING = { rows: 20_000, rowsPerSecond: 5_000 };
const PATIENCE_MS = 2_000;
/**
 * Ingest has priority: beyond so many rows a second the background looks every so often at one write of those that came last, and in it at one trace in so many: at some twenty
 * workflows each time. The others it makes up for when there is time.
 */
const BUSY = { rowsPerSecond: 25_000, restMs: 4_000, oneIn: 64 };
/** The same where it has fallen behind by so many seconds and this much still comes: better a sample of now than all of long ago. */
const LAGGING = { seconds: 30, rowsPerSecond: 5_000 };
/** A page at which the thread has failed so often holds something that it can't work out: it goes on behind it, and says so. */
const MOST_FAILURES = 3;
/** Between two ticks with more to do, as a part of what the last one took: answers need the processor as well. */
const REST_FACTOR = 0.02;

/** What a store drops for its age it drops by the day. */
const NANOS_PER_DAY = 86_400_000_000_000n;

export interface RollUpOptions {
  readonly store: Store;
  /** The conventions in force. */
  readonly conventions: () => { readonly rules: Rules; readonly document: unknown } | null;
  /** Unix nanoseconds. */
  readonly clock: () => bigint;
  readonly onError: (error: unknown) => void;
  /** How long rows are kept, nanoseconds; null, as by default: for ever. */
  readonly retentionNano?: bigint | null;
  /** Hears of each step. */
  readonly onTick?: (tick: { seconds: number; workflows: number; error: unknown }) => void;
  /** Other servers may note in the same store. Default: not. */
  readonly shared?: boolean;
}

/** Follows what is written and notes what it teaches, on a thread of its own. */
export class RollUp {
  /** How far the last tick came, Unix nanoseconds; 0n before the first. */
  private asOf = 0n;
  private readonly asker: Asker;
  private readonly clock: () => bigint;
  /** Names this server among those that note in the same store; null: no other does. */
  private readonly noter: string | null;
  private readonly store: Store;
  private readonly conventions: RollUpOptions['conventions'];
  private readonly retentionNano: bigint | null;
  private readonly onError: (error: unknown) => void;
  private readonly onTick: NonNullable<RollUpOptions['onTick']>;
  /** When it began to follow, Unix nanoseconds. */
  private readonly since: bigint;
  private readonly rate = new WriteRate();
  private forgetting: { readonly places: readonly NotePlace[]; done(version: bigint): void }[] = [];
  private readonly running: Promise<void>;
  private closed = false;
  /** Something may have been written since the last tick began. */
  private behind = true;
  /** Rows written since the last tick began, and before it. */
  private waiting = 0;
  private underWay = 0;
  private anew = false;
  /** Ticks that failed, one after the other. */
  private failures = 0;
  private threadEnded = false;
  private sampled = 1;
  /** Ticks begun, and the last one that left nothing to do. */
  private begun = 0;
  private done = 0;
  private poke: ((hurry: boolean) => void) | null = null;
  private readonly signals = new Signals();
  private watchers: (() => void)[] = [];

  constructor({
    store,
    clock,
    conventions,
    retentionNano = null,
    onError,
    onTick = () => {},
    shared = false,
  }: RollUpOptions) {
    this.store = store;
    this.noter = shared ? randomUUID() : null;
    this.retentionNano = retentionNano;
    this.clock = clock;
    this.since = clock();
    this.onTick = onTick;
    this.conventions = conventions;
    this.onError = onError;
    this.asker = new Asker({
      store,
      limits: {
        threads: 1,
        concurrent: 1,
        // A tick may meet workflows of any size, one after the other: only their sizes are limited, each by itself.
        timeoutMs: 600_000,
        maxRows: Number.MAX_SAFE_INTEGER,
        heapMb: HEAP_MB,
        niceness: NICENESS,
      },
      onThreadEnd: (error) => {
        this.threadEnded = true;
        onError(error ?? new Error('The thread that rolls up ended'));
      },
    });
    this.running = this.run();
  }

  /** Told of each write that settled. */
  wrote(rows: number): void {
    this.rate.add(rows);
    this.signals.isTooMuch = this.isBusy;
    this.waiting += rows;
    this.behind = true;
    this.poke?.(false);
  }

  /** Resolves when all that was written before is noted. Where that would take long, because much is being written, it does not wait. */
  async caughtUp(): Promise<void> {
    if (this.waiting + this.underWay > WORTH_WAITING.rows) return;
    if (this.rate.perSecond > WORTH_WAITING.rowsPerSecond) return;
    const wanted = this.behind ? this.begun + 1 : this.begun;
    const deadline = performance.now() + PATIENCE_MS;
    while (!this.closed && this.done < wanted) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      this.poke?.(true);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Up to when what was written is noted, as of `nowUnixNano`. */
  asOfAt(nowUnixNano: bigint): bigint {
    // What others write it hears of only by looking.
    return this.noter === null && !this.behind && this.done === this.begun
      ? nowUnixNano
      : later(this.asOf, this.signals.complete);
  }

  /** For how long what was written waits to be noted, seconds; before it is known how far this has come, since this server runs. */
  get lagSeconds(): number {
    const now = this.clock();
    const from = this.asOfAt(now) || this.since;
    return Math.max(0, Number(now - from) / 1e9);
  }

  /** Of how many workflows one was counted, where more was written than could be; 1: all of them. */
  get sampledOneIn(): number {
    return this.sampled;
  }

  /** Throws away all notes and counts, and makes them again from what is stored. Resolves when it has begun. */
  rebuild(): void {
    this.anew = true;
    this.asOf = 0n;
    this.signals.complete = 0n;
    this.signals.isWanted = true;
    this.behind = true;
    this.poke?.(true);
  }

  /** Notes that nothing begins at these places any more, and counts their minutes without it. Resolves when that is durable, with the version of these notes. */
  forget(places: readonly NotePlace[]): Promise<bigint> {
    return new Promise((done) => {
      this.forgetting.push({ places, done });
      this.signals.isWanted = true;
      this.behind = true;
      this.poke?.(true);
    });
  }

  /** Whether more is written than the background keeps up with. */
  get isBusy(): boolean {
    const { sustained } = this.rate;
    if (sustained > BUSY.rowsPerSecond) return true;
    // While no server ran, nobody could note anything: that is no reason to hurry.
    const ranSeconds = Number(this.clock() - this.since) / 1e9;
    return sustained > LAGGING.rowsPerSecond && Math.min(this.lagSeconds, ranSeconds) > LAGGING.seconds;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.poke?.(true);
    await this.asker.close();
    await this.running;
    // Who does not hear that it has ended finds out.
    if (this.noter !== null) await this.sayThatItEnded(noterName(this.noter)).catch(() => undefined);
  }

  private async sayThatItEnded(name: string): Promise<void> {
    await this.store.putDocument(name, endedText(await this.store.document(name)));
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      const began = performance.now();
      const beganUnixNano = this.clock();
      let rest: { readonly ms: number; readonly wakes: boolean } = { ms: IDLE_MS, wakes: true };
      this.behind = false;
      this.begun++;
      this.underWay += this.waiting;
      this.waiting = 0;
      try {
        const { complete, more, sampledOneIn, workflows, knownUntil } = await this.tick();
        // Where nothing was left to do, nothing that was written before it began is missing, however long ago the last row came.
        const nothingLeft = knownUntil === null ? later(BigInt(complete), beganUnixNano) : BigInt(knownUntil);
        this.asOf = more || sampledOneIn > 1 ? BigInt(complete) : nothingLeft;
        this.sampled = sampledOneIn;
        this.failures = 0;
        const took = performance.now() - began;
        this.onTick({ seconds: took / 1000, workflows, error: null });
        if (more)
          rest = {
            ms: this.isBusy ? BUSY.restMs : took * REST_FACTOR,
            wakes: false,
          };
        else {
          this.done = this.begun;
          this.underWay = 0;
        }
        this.behind ||= more;
      } catch (error) {
        if (this.closed) return;
        this.behind = true;
        // A store that is away is no fault of what was to be read.
        if (this.threadEnded || (error instanceof AskError && error.code === 'internal')) this.failures++;
        this.threadEnded = false;
        this.onTick({ seconds: (performance.now() - began) / 1000, workflows: 0, error });
        this.onError(error);
        rest = { ms: AFTER_ERROR_MS, wakes: false };
      }
      for (const tell of this.watchers.splice(0)) tell();
      await this.rest(rest.ms, rest.wakes);
    }
  }

  private async tick(): Promise<TickReport> {
    const inForce = this.conventions();
    const isBusy = this.isBusy;
    this.signals.isTooMuch = isBusy;
    this.signals.isWanted = false;
    const forgetting = [...this.forgetting];
    const nowUnixNano = this.clock();
    const body = await this.asker.ask({
      kind: 'roll-up',
      limit: TRACES,
      oneIn: isBusy ? BUSY.oneIn : 1,
      anew: this.anew,
      skip: this.failures >= MOST_FAILURES,
      noter: this.noter,
      signals: this.signals.memory,
      forgotten: forgetting.flatMap(({ places }) => places),
      conventions: inForce?.rules ?? null,
      rules: rulesIdOf(inForce?.document),
      nowUnixNano,
      keptFrom: this.keptFrom(nowUnixNano),
    });
    this.anew = false;
    const report = JSON.parse(new TextDecoder().decode(body!)) as TickReport;
    this.forgetting = this.forgetting.filter((one) => !forgetting.includes(one));
    for (const { done } of forgetting) done(BigInt(report.forgottenAt ?? 0));
    return report;
  }

  /** Where the days begin that the retention keeps. What was read just before the others were dropped would come back as notes. */
  private keptFrom(nowUnixNano: bigint): bigint {
    if (this.retentionNano === null) return 0n;
    const from = nowUnixNano - this.retentionNano;
    return from - (from % NANOS_PER_DAY);
  }

  /** Waits. Where nothing was left to do, a write ends the wait soon; a question that waits ends it at once. */
  private rest(ms: number, wakes: boolean): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.poke = null;
        resolve();
      };
      let gathering = wakes && this.behind;
      let timer = setTimeout(finish, gathering ? GATHER_MS : ms);
      this.poke = (hurry) => {
        if (hurry) finish();
        else if (wakes && !gathering) {
          gathering = true;
          clearTimeout(timer);
          timer = setTimeout(finish, GATHER_MS);
        }
      };
    });
  }
}
