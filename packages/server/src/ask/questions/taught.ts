import type { Conventions } from '@upshot/api-contract';
import {
  complianceOver,
  type Figures,
  figuresOf,
  findingGroups,
  propagationOf,
  topologyOf,
} from '@upshot/knowledge';
import type { FindingGroup, Mute, Propagation, TallySum, Topology } from '@upshot/model';
import { minuteOf } from '../../roll-up/CellCache.js';
import { MUTES, parseMutes } from '../../roll-up/Mutes.js';
import type { PropagationQuestion } from '../Question.js';
import { document, type Questioning, tallies } from '../Questioning.js';

const NANOS_PER_SECOND = 1e9;
/** Points of a trend: enough to see a deploy, few enough to read. */
const PERIODS = 30;
const NANOS_PER_MINUTE = 60_000_000_000n;

type Asked = PropagationQuestion & { readonly nowUnixNano: bigint };

/** Propagation health of all hops. */
export function* propagation(question: Asked): Questioning<Propagation> {
  const kinds = ['hop', 'publish'];
  const range = rangeOf(question);
  const every = yield* periodOf(question);
  const sums = yield* tallies({ kinds, ...range, every });
  return propagationOf(sums, { every }, question.asOf, question.sampledOneIn);
}

/** The map of events and consumers. */
export function* topology(question: Asked): Questioning<Topology> {
  const sums = yield* tallies({ kinds: ['hop', 'publish'], ...rangeOf(question), examples: 'none' });
  const { since, until, nowUnixNano } = question;
  const end = until === null || until > nowUnixNano ? nowUnixNano : until;
  const seconds = since === null ? null : Number(end - since) / NANOS_PER_SECOND;
  return topologyOf(sums, seconds, question.asOf);
}

/** How far each service keeps the rules in force. */
export function* compliance(question: Asked): Questioning<Conventions['services']> {
  const every = yield* periodOf(question);
  const sums = yield* tallies({ kinds: ['convention'], ...rangeOf(question), every });
  return complianceOver(sums, { every }, question.rules).map(({ rules, periods, ...record }) => ({
    ...record,
    periods: [...periods],
    rules: rules.map((rule) => ({ ...rule, examples: [...rule.examples] })),
  }));
}

/** What `/metrics` says of many workflows. */
export function* figures(question: Asked): Questioning<Figures> {
  const every = yield* periodOf(question);
  const kinds = ['workflow', 'hop', 'publish', 'convention'];
  return figuresOf(yield* tallies({ kinds, ...rangeOf(question), every }), { every, rules: question.rules });
}

export interface FindingGroups {
  readonly groups: readonly FindingGroup[];
  readonly nextCursor: null;
}

/** Groups of findings, each cause once. */
export function* groups(question: Asked): Questioning<FindingGroups> {
  const every = yield* periodOf(question);
  const sums = yield* tallies({ kinds: ['finding'], ...rangeOf(question), every });
  const mutes = yield* mutesInForce();
  const all = findingGroups(sums, { every }, mutes, question.nowUnixNano);
  const { findingKind } = question;
  return {
    groups: findingKind === null ? all : all.filter(({ kind }) => kind === findingKind),
    nextCursor: null,
  };
}

function* mutesInForce(): Questioning<ReadonlyMap<string, Mute>> {
  return parseMutes(yield* document(MUTES));
}

function rangeOf({ since, until }: Asked): { since?: number; until?: number } {
  return {
    ...(since === null ? {} : { since: minuteOf(since) }),
    ...(until === null ? {} : { until: minuteOf(until + NANOS_PER_MINUTE - 1n) }),
  };
}

/** Minutes of one point of the trend. Where no time was given, the first and the last that are kept say how long it is. */
function* periodOf(question: Asked): Questioning<number> {
  let { since } = question;
  let until = question.until ?? question.nowUnixNano;
  if (since === null) {
    const sums: readonly TallySum[] = yield* tallies({ kinds: ['hop'], ...rangeOf(question) });
    for (const { tally } of sums) {
      if (since === null || tally.firstUnixNano < since) since = tally.firstUnixNano;
      if (tally.lastUnixNano > until) until = tally.lastUnixNano;
    }
  }
  const minutes = since === null ? 1 : Number((until - since) / NANOS_PER_MINUTE) + 1;
  return periodOver(minutes);
}

/** Whole parts of an hour, or whole hours, of which a store may have sums at hand. */
const PERIODS_OF_AN_HOUR = [1, 2, 3, 5, 10, 15, 20, 30, 60];

function periodOver(minutes: number): number {
  const least = Math.max(1, Math.ceil(minutes / PERIODS));
  return PERIODS_OF_AN_HOUR.find((part) => part >= least) ?? Math.ceil(least / 60) * 60;
}
