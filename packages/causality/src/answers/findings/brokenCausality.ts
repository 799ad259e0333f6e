import { counted, type Evidence, type Finding } from '@upshot/model';
import { attemptAbove } from '../../graph/Draft.js';
import { byHop, type Finder, hopOf, listed } from './Finder.js';
import { propagationFix } from './propagationFix.js';

/**
 * Hops over which the trace context did not come: a consumer's span that nothing but IDs, or nothing at all, joins to its event, and a publish that
 * does not continue the attempt it belongs to. The join may be certain; the propagation is not sound. Records and CloudEvents declare
 * their causes by ID and are sound.
 */
export const brokenCausality: Finder = (judged) => [...lostOnTheWay(judged), ...lostInTheService(judged)];

const lostOnTheWay: Finder = ({ workflow }) => {
  const broken = workflow.attempts.filter(
    (attempt) =>
      attempt.reading.stored &&
      // What a broker moved to its dead letters lost its context before, if it did.
      !(attempt.event.kind === 'dead-letter' && attempt.event.reading === null) &&
      attempt.event.unseen !== 'missing-parent' &&
      !isDeclared(attempt.evidence),
  );
  return [...byHop(broken, (attempt) => hopOf(attempt.event, attempt.consumer)).values()].map(
    ({ hop, items }): Finding => {
      const first = items[0]!;
      const { event } = first;
      const others = event.deliveries.some(({ attempts }) =>
        attempts.some(({ evidence }) => isDeclared(evidence)),
      );
      const from = hop.producer === '' ? 'an unknown producer' : hop.producer;
      const what = hop.eventName === '' ? 'its message' : hop.eventName;
      const how =
        event.unseen !== null
          ? 'nothing says who published it'
          : `it was joined by ${[...first.evidence].map(evidenceWord).join(' and ')}`;
      const blame = others
        ? `other consumers of the same event continue its trace, so ${hop.consumer} does not extract the context`
        : `no consumer of the event continues its trace`;
      return {
        kind: 'broken-causality',
        severity: 'warning',
        message: `${from} → ${hop.consumer}: ${what} arrived without trace context${items.length > 1 ? ` (${counted(items.length, 'attempt')})` : ''}; ${how}; ${blame}.`,
        nodes: listed([
          ...new Set(items.flatMap(({ delivery }) => (delivery === null ? [] : [delivery.id]))),
        ]),
        hop,
        fault: others ? 'consumer' : 'producer',
        about: others
          ? `${from} → ${hop.consumer}: ${what} arrives without trace context`
          : `${from}: ${what} carries no trace context`,
        fix: propagationFix(first, others ? 'consumer' : 'producer'),
      };
    },
  );
};

const lostInTheService: Finder = ({ workflow }) => {
  const broken = workflow.events.filter((event) => {
    if (event.reading === null || !event.reading.stored || event.kind !== 'event') return false;
    if (event.reading.records.length > 0 && event.reading.span.parentSpanId === '') return false;
    return event.causes.length > 0 && event.causes.every(({ evidence }) => !isDeclared(evidence));
  });
  return broken.flatMap((event): Finding[] => {
    const cause = event.causes[0]!.from;
    const attempt = cause.type === 'attempt' ? cause : attemptAbove(event);
    const origin = attempt?.event ?? (cause.type === 'event' ? cause : null);
    if (origin === null) return [];
    const consumer = attempt?.consumer ?? event.producer;
    return [
      {
        kind: 'broken-causality',
        severity: 'warning',
        message: `${event.producer} published ${event.eventName} without continuing the trace of ${origin.eventName}; it was joined by ${[...event.causes[0]!.evidence].map(evidenceWord).join(' and ')}.`,
        nodes: [event.id],
        hop: hopOf(origin, consumer),
        about: `${event.producer} publishes ${event.eventName} without continuing the trace of ${origin.eventName}`,
        fix: `In ${event.producer}, publish within the context of the handler: keep the active span over promises, timers and queues (context.with(…) in OpenTelemetry), and make the handler's instrumentation open a span around it.`,
      },
    ];
  });
};

function isDeclared(evidence: ReadonlySet<Evidence>): boolean {
  return evidence.has('parent') || evidence.has('link');
}

function evidenceWord(evidence: Evidence): string {
  return WORDS[evidence];
}
const WORDS: Readonly<Record<Evidence, string>> = {
  parent: 'parent',
  link: 'link',
  'event-id': 'message ID',
  'causation-id': 'causation ID',
  'broker-position': 'broker position',
  'correlation-id': 'correlation ID, a guess',
  inferred: 'what its consumer says, a guess',
};
