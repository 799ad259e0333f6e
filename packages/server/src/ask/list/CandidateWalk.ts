import type { EntryPoint } from '@upshot/model';
import type { Questioning } from '../Questioning.js';
import { continuations } from './continuations.js';
import type { EntryWalk } from './EntryWalk.js';

/** Entry points sifted at a time, at most: a page of the walk. */
const SIFTED = 4096;
/** So few are assembled without sifting: it would cost as much. */
const NOT_WORTH_SIFTING = 64;

/** A walk over the entry points at which a workflow may begin. */
export class CandidateWalk {
  private sifted: EntryPoint[] = [];
  private last: EntryPoint | null = null;

  constructor(private readonly walk: EntryWalk) {}

  /** The next entry points that are not `known`, up to `count`. */
  *next(count: number, known: (entry: EntryPoint) => boolean): Questioning<EntryPoint[]> {
    this.sifted = this.sifted.filter((entry) => !known(entry));
    if (this.sifted.length === 0) {
      const entries = yield* this.walk.next(SIFTED, known);
      const dropped = entries.length > NOT_WORTH_SIFTING ? yield* continuations(entries) : null;
      this.sifted = dropped === null ? entries : entries.filter((entry) => !dropped.has(entry));
    }
    const taken = this.sifted.splice(0, count);
    this.last = taken.at(-1) ?? null;
    return taken;
  }

  /** The place to which the walk has come: all that lies above has been taken, or begins no workflow. */
  get position(): EntryPoint | null {
    return this.sifted.length > 0 ? this.last : this.walk.position;
  }

  /** True once the last one was taken. */
  get ended(): boolean {
    return this.sifted.length === 0 && this.walk.ended;
  }
}
