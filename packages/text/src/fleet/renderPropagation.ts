import { counted, formatAge, formatCount, type HopHealth, type Propagation } from '@upshot/model';
import { name, type Part, phrase, prose } from '../layout/Part.js';
import { Sheet, type SheetOptions } from '../layout/Sheet.js';
import type { Column, Row } from '../layout/tableLines.js';
import { formatTimestamp } from '../words/formatClock.js';
import { nanos } from '../words/nanos.js';
import { HOP_SIGNS } from '../words/signs.js';
import { faultLines } from './faultLines.js';
import { byEvent, hopParts } from './hopParts.js';
import { type TrendRange, trendBar, trendRangeOf } from './trendBar.js';

export interface FleetOptions extends SheetOptions {
  /** The clock, for ages. Unix nanoseconds. */
  readonly nowUnixNano: bigint;
}

const COLUMNS: readonly Column[] = [
  { heading: 'CONSUMER', elastic: true },
  { heading: 'STATE' },
  { heading: 'DELIVERIES', right: true },
  { heading: 'DECLARED', right: true },
  { heading: 'STITCHED', right: true },
  { heading: 'UNLINKED', right: true },
  { heading: 'TREND' },
];
/** Characters of a trend: as much as 80 columns leave. */
const TREND = 8;

const STATES = ['broken', 'mended', 'whole'] as const;

/** Propagation health as text: what is at fault, each in its sentence with its fix, then all hops as a table. */
export function renderPropagation(propagation: Propagation, options: FleetOptions): string {
  const sheet = new Sheet(options);
  const { hops, faults } = propagation;
  sheet.put(headParts(propagation, options.nowUnixNano));
  for (const fault of faults) {
    sheet.blank();
    faultLines(fault, hops, options.nowUnixNano, sheet);
  }
  if (hops.length > 0) {
    sheet.blank();
    const range = trendRangeOf(hops);
    sheet.table(
      COLUMNS,
      byEvent(hops).flatMap((group): Row[] => [
        { title: hopParts(withoutConsumer(group[0]!), 'bold') },
        ...group.map((hop) => ({ cells: cellsOf(hop, range) })),
      ]),
    );
    sheet.blank();
    sheet.put([phrase('TREND: the share that lost its context; ▁ none, █ all, · nothing delivered', 'dim')]);
  }
  return sheet.toString();
}

function headParts({ hops, asOf, sampledOneIn }: Propagation, now: bigint): Part[] {
  const at = nanos(asOf);
  if (hops.length === 0)
    return [prose(`No delivery from an event to a consumer is known as of ${formatTimestamp(at)}.`)];
  const states = STATES.flatMap((state) => {
    const count = hops.filter((hop) => hop.state === state).length;
    return count === 0 ? [] : [name(`${formatCount(count)} ${state}`, HOP_SIGNS[state].style)];
  });
  return [
    name(counted(hops.length, 'hop'), 'bold'),
    ...states,
    name(`as of ${formatTimestamp(at)} (${formatAge(at, now)})`, 'dim'),
    ...(sampledOneIn > 1
      ? [phrase(`of what came after that, one workflow in ${formatCount(sampledOneIn)} is counted`, 'retry')]
      : []),
  ];
}

function withoutConsumer({ producer, eventName, destination, environment }: HopHealth) {
  return { producer, eventName, destination, environment };
}

function cellsOf(hop: HopHealth, range: TrendRange): Part[] {
  const { glyph, style } = HOP_SIGNS[hop.state];
  const lost = hop.broken > 0 ? style : 'plain';
  return [
    name(hop.consumer),
    name(`${glyph} ${hop.state}`, style),
    name(formatCount(hop.deliveries)),
    name(formatCount(hop.declared)),
    name(formatCount(hop.stitched), hop.stitched > 0 ? lost : 'plain'),
    name(formatCount(hop.unlinked), hop.unlinked > 0 ? lost : 'plain'),
    name(trendBar(hop, range, TREND), style),
  ];
}
