import type { Minute, TallyQuery, TallySum } from '@upshot/model';
import { compareTallySums, latestExamples } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeTallyExamples, decodeTallySums, type SumRow } from '../native/decodeTallies.js';
import { readBlocks } from '../native/NativeBlock.js';
import { tallyExamplesSql, tallySumsSql } from '../sql/talliesSql.js';

/** Reads sums of tallies, then examples of them from the latest minutes that have any. */
export class TallyReader {
  constructor(private readonly engine: Engine) {}

  async read(query: TallyQuery): Promise<TallySum[]> {
    // Without a kind are the heads of cells.
    const kinds = query.kinds.filter((kind) => kind !== '');
    if (kinds.length === 0 || query.series?.length === 0) return [];
    const series = query.series && new Set(query.series);
    const sums = decodeTallySums(readBlocks(await this.engine.query(tallySumsSql(query, kinds)))).filter(
      (sum) => series?.has(sum.series) ?? true,
    );
    const examples = await this.examples(query, kinds, sums);
    return sums
      .map(({ span, exampleMinutes, ...sum }) => ({
        minute: span,
        tally: {
          ...sum,
          examples: latestExamples(
            exampleMinutes.map((minute) => examples.get(textOf(minute, sum.kind, sum.series)) ?? []),
          ),
        },
      }))
      .sort(compareTallySums);
  }

  private async examples(
    query: TallyQuery,
    kinds: readonly string[],
    sums: readonly SumRow[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const minutes = new Set(sums.flatMap(({ exampleMinutes }) => exampleMinutes));
    if (minutes.size === 0) return new Map();
    const answer = await this.engine.query(tallyExamplesSql(query, kinds, minutes));
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
