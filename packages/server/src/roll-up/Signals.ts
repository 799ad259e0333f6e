/** What the two threads tell each other while one of them works on a step and hears no messages: 16 bytes that both see. */
export class Signals {
  private readonly words: Int32Array;
  private readonly marks: BigInt64Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.words = new Int32Array(memory);
    this.marks = new BigInt64Array(memory);
  }

  /** More comes than the background keeps up with: what it is at is to be left. */
  get isTooMuch(): boolean {
    return Atomics.load(this.words, 0) !== 0;
  }

  set isTooMuch(value: boolean) {
    Atomics.store(this.words, 0, value ? 1 : 0);
  }

  /** Something else is asked of the thread: no further page is to be begun. */
  get isWanted(): boolean {
    return Atomics.load(this.words, 1) !== 0;
  }

  set isWanted(value: boolean) {
    Atomics.store(this.words, 1, value ? 1 : 0);
  }

  /** Up to when all that was written is noted, Unix nanoseconds; 0n before the first page. */
  get complete(): bigint {
    return Atomics.load(this.marks, 1);
  }

  set complete(unixNano: bigint) {
    Atomics.store(this.marks, 1, unixNano);
  }
}
