import type { Minute, TallyQuery } from '@upshot/model';
import { latestExamples } from '@upshot/storage';
import type { Engine } from '../../engine/Engine.js';
import {
  decodeTallyExamples,
  decodeTallyMarks,
  decodeTallySums,
  type SumRow,
} from '../../native/decodeTallies.js';
import { readBlocks } from '../../native/NativeBlock.js';
import { tallyExamplesSql, tallyMarksSql, tallySumsSql } from '../../sql/talliesSql.js';
import type { PackedSum } from './PackedSum.js';

const NO_EXAMPLES: ReadonlyMap<string, readonly string[]> = new Map();

/** Reads sums of tallies as the engine makes them, then examples of them from the latest minutes that have any. */
export class SumReader {
  constructor(private readonly engine: Engine) {}

  async read(query: TallyQuery): Promise<PackedSum[]> {
    const rows = decodeTallySums(readBlocks(await this.engine.query(tallySumsSql(query, query.kinds))));
    const series = query.series && new Set(query.series);
    const wanted = series === undefined ? rows : rows.filter((row) => series.has(row.series));
    const examples = query.examples === 'none' ? NO_EXAMPLES : await this.examples(query, wanted);
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
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const minutes = new Set(sums.flatMap(({ exampleMinutes }) => exampleMinutes));
    if (minutes.size === 0) return new Map();
    const answer = await this.engine.query(tallyExamplesSql(query, query.kinds, minutes));
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
