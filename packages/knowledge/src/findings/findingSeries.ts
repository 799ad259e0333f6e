import { type Finding, type FindingKind, type Hop, KeyKind, keyOf } from '@upshot/model';
import type { Contributions } from '../tallies/Contribution.js';

/** The kind of tally in which findings are counted. */
export const FINDING = 'finding';

export const FindingCounter = { workflows: 1, findings: 2 } as const;

/** What findings of one cause have in common. */
export interface FindingSeries {
  readonly kind: FindingKind;
  readonly severity: Finding['severity'];
  readonly about: string;
  readonly hop: Hop | null;
}

/** A producer that injects nothing is one cause, whichever of its consumers shows it: then the hop names no consumer. */
export function findingSeriesOf({ kind, severity, about, message, hop, fault }: Finding): string {
  const consumer = fault === 'producer' ? '' : hop?.consumer;
  const place = hop === undefined ? null : [hop.producer, hop.eventName, hop.destination, consumer];
  return JSON.stringify([kind, severity, about ?? message, place]);
}

export function parseFindingSeries(series: string): FindingSeries {
  const [kind, severity, about, place] = JSON.parse(series) as [
    FindingKind,
    Finding['severity'],
    string,
    [string, string, string | null, string] | null,
  ];
  const hop =
    place === null
      ? null
      : { producer: place[0], eventName: place[1], destination: place[2], consumer: place[3] };
  return { kind, severity, about, hop };
}

/** Names a group in addresses and in mutes: 16 hex digits. The same in every store. */
export function groupIdOf(series: string): string {
  const [low, high] = keyOf(KeyKind.link, series);
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

export function addFindings(findings: readonly Finding[], to: Contributions): void {
  const counted = new Set<string>();
  for (const finding of findings) {
    const series = findingSeriesOf(finding);
    to.add(FINDING, series, [
      [FindingCounter.findings, 1],
      [FindingCounter.workflows, counted.has(series) ? 0 : 1],
    ]);
    counted.add(series);
  }
}
