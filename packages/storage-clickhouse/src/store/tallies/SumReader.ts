import type { Minute, TallyQuery } from '@upshot/model';
import { latestExamples } from '@upshot/storage';
import type { Engine } from '../../engine/Engine.js';
import {
  decodeMinuteCount,
  decodeTallyExamples,
  decodeTallyHeads,
  decodeTallyMarks,
  decodeTallySums,
  type SumRow,
} from '../../native/decodeTallies.js';
import { readBlocks } from '../../native/NativeBlock.js';
import {
  type TallyHead,
  tallyExamplesSql,
  tallyHeadsSql,
  tallyMarksSql,
  tallySumsSql,
} from '../../sql/talliesSql.js';
import type { PackedSum } from './PackedSum.js';

/** Minutes of which the writes that count are listed in a query: some 30 bytes each. */
const MOST_HEADS = 1_500;
const NO_EXAMPLES: ReadonlyMap<string, readonly string[]> = new Map();

/** Reads sums of tallies as the engine makes them, then examples of them from the latest minutes that have any. */
export class SumReader {
  constructor(private readonly engine: Engine) {}

  async read(query: TallyQuery): Promise<PackedSum[]> {
    const heads = await this.heads(query);
    if (heads?.length === 0) return [];
    const blocks = readBlocks(await this.engine.query(tallySumsSql(query, query.kinds, heads)));
    // A minute was written again meanwhile, and what was there before is merged away.
    if (heads !== null && decodeMinuteCount(blocks) < heads.length) return this.readAsItIs(query);
    const rows = decodeTallySums(blocks).filter(({ kind }) => kind !== '');
    return this.exemplified(query, rows, heads);
  }

  /** Finds out in one query what counts, and sums it. */
  private async readAsItIs(query: TallyQuery): Promise<PackedSum[]> {
    const rows = decodeTallySums(readBlocks(await this.engine.query(tallySumsSql(query, query.kinds))));
    return this.exemplified(query, rows, null);
  }

  /** Which writes count; null where that would be a long list. */
  private async heads(query: TallyQuery): Promise<TallyHead[] | null> {
    const { since = 0, until = Number.POSITIVE_INFINITY } = query;
    if (until - since > MOST_HEADS) return null;
    return decodeTallyHeads(readBlocks(await this.engine.query(tallyHeadsSql(query))));
  }

  private async exemplified(
    query: TallyQuery,
    rows: readonly SumRow[],
    heads: readonly TallyHead[] | null,
  ): Promise<PackedSum[]> {
    const series = query.series && new Set(query.series);
    const wanted = series === undefined ? rows : rows.filter((row) => series.has(row.series));
    const examples = query.examples === 'none' ? NO_EXAMPLES : await this.examples(query, wanted, heads);
    return wanted.map(({ exampleMinutes, ...row }) => ({
      ...row,
      examples: latestExamples(
        exampleMinutes.map((minute) => examples.get(textOf(minute, row.kind, row.series)) ?? []),
      ),
    }));
  }

  /** By spans of so many minutes that have any tally: what changes when something in them does. */
  async marks(query: Pick<TallyQuery, 'since' | 'until'>, minutes: number): Promise<Map<Minute, bigint>> {
    return decodeTallyMarks(readBlocks(await this.engine.query(tallyMarksSql(query, minutes))));
  }

  private async examples(
    query: TallyQuery,
    sums: readonly SumRow[],
    heads: readonly TallyHead[] | null,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const minutes = new Set(sums.flatMap(({ exampleMinutes }) => exampleMinutes));
    if (minutes.size === 0) return new Map();
    const answer = await this.engine.query(tallyExamplesSql(query, query.kinds, minutes, heads));
    return new Map(
      decodeTallyExamples(readBlocks(answer)).map(({ minute, kind, series, examples }) => [
        textOf(minute, kind, series),
        examples,
      ]),
    );
  }
}

function textOf(minute: Minute, kind: string, series: string): string {
  return JSON.stringify([minute, kind, series]);
}
