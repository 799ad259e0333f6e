import type { TallySum } from '@upshot/model';
import type { Periods } from '../hops/healthOf.js';
import { CONVENTION, ConventionCounter, parseComplianceSeries } from './complianceSeries.js';

/** How far one service kept the conventions, over many workflows. */
export interface ServiceRecord {
  readonly service: string;
  readonly checked: number;
  readonly compliant: number;
  /** What to mend first: as many messages as are not compliant, weighed by their share of all that the service sends. */
  readonly score: number;
  /** By how much the compliant share of the later half of the periods lies above that of the earlier half: -1 to 1. */
  readonly trend: number;
  /** By time; without those in which nothing was checked. */
  readonly periods: readonly {
    readonly fromUnixNano: string;
    readonly toUnixNano: string;
    readonly checked: number;
    readonly compliant: number;
  }[];
  readonly rules: readonly {
    readonly rule: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
}

interface Account {
  checked: number;
  compliant: number;
  readonly periods: Map<number, { checked: number; compliant: number }>;
  readonly rules: Map<string, { count: number; examples: string[] }>;
}

const EXAMPLES = 3;
const NANOS_PER_MINUTE = 60_000_000_000n;

/**
 * Records of all services under one set of rules, what to mend first in front. `sums`: tallies of the kind `convention`, over periods of `every`
 * minutes.
 */
export function complianceOver(
  sums: readonly TallySum[],
  { every }: Periods,
  rules: string,
): ServiceRecord[] {
  const accounts = new Map<string, Account>();
  // The latest examples first: sums come by time.
  for (const { minute, tally } of [...sums].reverse()) {
    if (tally.kind !== CONVENTION) continue;
    const series = parseComplianceSeries(tally.series);
    if (series.rules !== rules) continue;
    let account = accounts.get(series.service);
    if (account === undefined) {
      account = { checked: 0, compliant: 0, periods: new Map(), rules: new Map() };
      accounts.set(series.service, account);
    }
    const of = (counter: number) => tally.counts.get(counter) ?? 0;
    if (series.rule === null) {
      const [checked, compliant] = [of(ConventionCounter.checked), of(ConventionCounter.compliant)];
      account.checked += checked;
      account.compliant += compliant;
      const period = account.periods.get(minute) ?? { checked: 0, compliant: 0 };
      account.periods.set(minute, {
        checked: period.checked + checked,
        compliant: period.compliant + compliant,
      });
    } else {
      const rule = account.rules.get(series.rule) ?? { count: 0, examples: [] };
      rule.count += of(ConventionCounter.violations);
      for (const key of tally.examples)
        if (rule.examples.length < EXAMPLES && !rule.examples.includes(key)) rule.examples.push(key);
      account.rules.set(series.rule, rule);
    }
  }
  return [...accounts]
    .map(([service, account]) => recordOf(service, account, every))
    .sort((a, b) => b.score - a.score || (a.service < b.service ? -1 : 1));
}

function recordOf(
  service: string,
  { checked, compliant, periods, rules }: Account,
  every: number,
): ServiceRecord {
  const broken = checked - compliant;
  return {
    service,
    checked,
    compliant,
    score: checked === 0 ? 0 : Number(((broken * broken) / checked).toPrecision(4)),
    trend: trendOf(periods),
    periods: [...periods]
      .filter(([, period]) => period.checked > 0)
      .sort(([a], [b]) => a - b)
      .map(([minute, period]) => ({
        fromUnixNano: String(BigInt(minute) * NANOS_PER_MINUTE),
        toUnixNano: String(BigInt(minute + every) * NANOS_PER_MINUTE),
        ...period,
      })),
    rules: [...rules]
      .map(([rule, { count, examples }]) => ({ rule, count, examples }))
      .sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1)),
  };
}

function trendOf(periods: Account['periods']): number {
  const ordered = [...periods].sort(([a], [b]) => a - b).map(([, period]) => period);
  if (ordered.length < 2) return 0;
  const half = ordered.length >> 1;
  const [before, after] = [ordered.slice(0, half), ordered.slice(half)].map(shareOf);
  return before === null || after === null ? 0 : Number((after! - before!).toFixed(4));
}

function shareOf(periods: readonly { checked: number; compliant: number }[]): number | null {
  const checked = periods.reduce((sum, period) => sum + period.checked, 0);
  const compliant = periods.reduce((sum, period) => sum + period.compliant, 0);
  return checked === 0 ? null : compliant / checked;
}
