import { stringLiteral } from '../../sql/literals.js';
import { type Ask, textsOf } from './inspectServer.js';

/** How long a shard that did not answer is not waited for. */
const AWAY_MS = 1_000;

/** Knows which shards of a cluster do not answer. */
export class ShardWatch {
  private known: { readonly shards: readonly string[]; readonly atMs: number } = {
    shards: [],
    atMs: Number.NEGATIVE_INFINITY,
  };
  private underWay: Promise<unknown> = Promise.resolve();
  private next: Promise<readonly string[]> | null = null;

  constructor(
    private readonly cluster: string,
    /** The numbers of all shards. */
    private readonly shards: readonly string[],
    private readonly ask: Ask,
  ) {}

  /** Shards that did not answer a moment ago, by name. */
  get lately(): readonly string[] {
    return performance.now() - this.known.atMs > AWAY_MS ? [] : this.known.shards;
  }

  /** Shards that do not answer now, by name. Who asks while it is being looked waits for the next look: that has begun after the question. */
  look(): Promise<readonly string[]> {
    this.next ??= this.underWay.then(() => {
      this.next = null;
      const looking = this.lookNow();
      this.underWay = looking.catch(() => undefined);
      return looking;
    });
    return this.next;
  }

  private async lookNow(): Promise<readonly string[]> {
    const sql = `SELECT DISTINCT toString(_shard_num) AS text FROM cluster(${stringLiteral(this.cluster)}, system.one)`;
    const up = new Set(textsOf(await this.ask(sql, { skip_unavailable_shards: 1 })));
    const shards = this.shards
      .filter((shard) => !up.has(shard))
      .map((shard) => `shard ${shard} of ${this.cluster}`);
    if (shards.length > 0) this.known = { shards, atMs: performance.now() };
    return shards;
  }
}
