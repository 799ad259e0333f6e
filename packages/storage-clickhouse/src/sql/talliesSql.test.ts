import { KeyKind, keyOf, keyText } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { tallyExamplesSql, tallyHeadsSql, tallyMarksSql, tallySumsSql } from './talliesSql.js';

const heads = (minutes: string) =>
  `(minute, written) IN (SELECT minute, latest.2 FROM (SELECT minute, max((version, written)) AS latest FROM tallies WHERE kind = ''${minutes} GROUP BY minute))`;

describe('SQL of tallies', () => {
  it('sums what the last write of each minute left', () => {
    const key = keyText(keyOf(KeyKind.series, 'a'));
    const minutes = ' AND minute >= 1 AND minute < 9';
    expect(
      tallySumsSql({ kinds: ['hop', 'publish'], since: 1, until: 9, every: 60, series: ['a'] }, [
        'hop',
        'publish',
      ]),
    ).toBe(
      "SELECT span, kind, series, earliest, latest, CAST(shown, 'Array(UInt32)') AS example_minutes, mapKeys(counters) AS counter_numbers, mapValues(counters) AS counter_sums FROM (" +
        "SELECT toUInt64(intDiv(minute, 60) * 60) AS span, kind, series, min(first) AS earliest, max(last) AS latest, arrayMap(left -> 307445734 - left, groupArraySortedIf(3)(307445734 - minute, example_count > 0)) AS shown, sumMap(CAST((numbers, counts), 'Map(Int32, UInt64)')) AS counters FROM tallies " +
        `WHERE kind IN ('hop', 'publish')${minutes} AND series_key IN (${key}) AND ${heads(minutes)} GROUP BY span, kind, series)`,
    );
  });

  it('takes the writes that count where they are known, and says how many minutes of them it met', () => {
    const known = [
      { minute: 1, written: 20n },
      { minute: 2, written: 10n },
    ];
    const sql = tallySumsSql({ kinds: ['hop'], since: 1, until: 9 }, ['hop'], known);
    expect(sql).toContain(
      "uniqExact(minute) AS minute_count FROM tallies WHERE kind IN ('', 'hop') AND minute >= 1 AND minute < 9 AND (minute, written) IN ((1, 20), (2, 10)) GROUP",
    );
    expect(sql).toContain(', minute_count FROM (SELECT');
    expect(tallyExamplesSql({ kinds: ['hop'] }, ['hop'], new Set([1]), known)).toContain(
      "kind IN ('hop') AND (minute, written) IN ((1, 20), (2, 10)) AND minute IN (1)",
    );
    expect(tallyHeadsSql({ since: 1, until: 9 })).toBe(
      "SELECT minute, latest.2 AS latest_write FROM (SELECT minute, max((version, written)) AS latest FROM tallies WHERE kind = '' AND minute >= 1 AND minute < 9 GROUP BY minute)",
    );
  });

  it('sums the whole range as minute 0', () => {
    expect(tallySumsSql({ kinds: ['hop'] }, ['hop'])).toContain('SELECT toUInt64(0) AS span,');
    expect(tallySumsSql({ kinds: ['hop'] }, ['hop'])).toContain(`WHERE kind IN ('hop') AND ${heads('')}`);
  });

  it('reads examples of the minutes given, or of the range where these are many', () => {
    const all = `SELECT minute, kind, series, examples FROM tallies WHERE kind IN ('hop') AND ${heads('')}`;
    expect(tallyExamplesSql({ kinds: ['hop'] }, ['hop'], new Set([3, 4]))).toBe(
      `${all} AND minute IN (3, 4)`,
    );
    const many = new Set(Array.from({ length: 5001 }, (_, n) => n));
    expect(tallyExamplesSql({ kinds: ['hop'] }, ['hop'], many)).toBe(all);
  });

  it('marks hours by their heads alone', () => {
    expect(tallyMarksSql({ since: 5 }, 60)).toBe(
      "SELECT toUInt64(intDiv(minute, 60) * 60) AS span, sum(cityHash64(minute, latest)) AS mark FROM (SELECT minute, max((version, written)) AS latest FROM tallies WHERE kind = '' AND minute >= 5 GROUP BY minute) GROUP BY span ORDER BY span",
    );
  });

  it('takes bounds beyond all minutes', () => {
    const sql = tallySumsSql({ kinds: ['hop'], since: -5, until: Number.POSITIVE_INFINITY }, ['hop']);
    expect(sql).toContain("WHERE kind = '' AND minute < 307445735 GROUP BY");
  });

  it('holds no text of a sender', () => {
    const series = ["x' OR 1=1 --"];
    expect(tallySumsSql({ kinds: ['hop'], series }, ['hop'])).not.toContain('OR 1=1');
  });
});
