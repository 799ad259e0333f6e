import type { Conventions } from '@upshot/api-contract';
import type { CurvePoint } from '../plots/Curve.js';
import { millis, nanos } from '../words/format.js';

export type ServiceCompliance = Conventions['services'][number];

/** The compliant share by time, 0 to 1. */
export function complianceCurve({ periods }: ServiceCompliance): CurvePoint[] {
  return periods.map(({ fromUnixNano, toUnixNano, checked, compliant }) => ({
    from: seconds(fromUnixNano),
    to: seconds(toUnixNano),
    value: compliant / checked,
  }));
}

/** From the first to the last period of any service, in seconds. */
export function rangeOfPeriods(
  services: readonly Pick<ServiceCompliance, 'periods'>[],
): readonly [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { periods } of services) {
    if (periods.length === 0) continue;
    from = Math.min(from, seconds(periods[0]!.fromUnixNano));
    to = Math.max(to, seconds(periods.at(-1)!.toUnixNano));
  }
  return from < to ? [from, to] : [0, 1];
}

/** How the share has changed, in words and for better or worse. */
export function trendWords({ trend, periods }: ServiceCompliance): {
  readonly words: string;
  readonly tone: 'ok' | 'retry' | null;
} {
  if (periods.length < 2) return { words: 'no trend yet', tone: null };
  const points = Math.abs(trend * 100);
  if (points < 0.05) return { words: 'unchanged', tone: null };
  return trend > 0
    ? { words: `better by ${points.toFixed(1)} points`, tone: 'ok' }
    : { words: `worse by ${points.toFixed(1)} points`, tone: 'retry' };
}

function seconds(unixNano: string): number {
  return millis(nanos(unixNano)) / 1000;
}
