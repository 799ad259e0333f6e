import { isLowLevelName } from '../names/lowLevelNames.js';
import { isConsumed } from './checkFields.js';
import { fitsAny } from './globs.js';
import { didYouMean } from './nearest.js';
import type { Rules } from './Rules.js';
import { remembered } from './remembered.js';
import type { Breach, Checked } from './Violation.js';

/** Patterns are run over names that senders chose; a longer one than this fits none. */
const MAX_NAME = 256;
/** So many wrong names are told what was meant: to look for that is the one thing here that takes its time. */
const MOST_HINTS = 100;

/** What the rules say of a name, worked out once for each: lists and patterns may be long, and an event comes often. */
export interface NameJudges {
  readonly fitsStep: (name: string) => boolean;
  /** What is wrong with an event's name; "" where nothing is. */
  readonly eventFault: (name: string) => string;
}

export function nameJudges({ spanNaming, eventNames }: Rules): NameJudges {
  const step = whole(spanNaming?.pattern);
  const event = whole(eventNames?.pattern);
  let hints = 0;
  return {
    fitsStep: remembered((name) => step === null || fits(name, step)),
    eventFault: remembered((name) => {
      if (eventNames === null) return '';
      const { allowed } = eventNames;
      if (allowed !== null && fitsAny(name, allowed)) return '';
      if (event !== null && fits(name, event)) return '';
      const fault =
        event === null ? 'is not among the allowed event names' : `does not fit ${eventNames.pattern}`;
      return allowed !== null && hints++ < MOST_HINTS ? `${fault}${didYouMean(name, allowed)}` : fault;
    }),
  };
}

/** What is wrong with the names of a step and of an event. */
export function checkNames(rules: Rules, judges: NameJudges, checked: Checked): Breach[] {
  return [...stepBreaches(rules, judges, checked), ...eventBreaches(rules, judges, checked)];
}

function stepBreaches({ spanNaming }: Rules, judges: NameJudges, checked: Checked): Breach[] {
  const { phase, service, step, spanName, places } = checked;
  if (spanNaming === null || !isConsumed(phase) || !fitsAny(service, spanNaming.services)) return [];
  const where = service || 'A service without a name';
  if (spanNaming.style === 'business-step-first') {
    // A record names no span: where it names no step either, that is a missing field and no bad name.
    if (step === null && spanName !== '') return [lowLevel(where, checked, spanName)];
    if (step !== null && isSaidLowLevel(step, places)) return [lowLevel(where, checked, step)];
  }
  if (step === null || judges.fitsStep(step)) return [];
  return [
    {
      rule: 'spanNaming.pattern',
      name: step,
      message: `${where} names a step ${step}, which does not fit ${spanNaming.pattern}`,
      fix: `In ${where}, name the step so that it fits ${spanNaming.pattern}: span.setAttribute('upshot.step', '…')`,
    },
  ];
}

/** A step that was stated on purpose may have the name of its queue, and is not low-level for that. */
function isSaidLowLevel(step: string, places: readonly string[]): boolean {
  return !places.includes(step) && isLowLevelName(step, { places, messaging: true });
}

function lowLevel(where: string, { eventName, isRecord }: Checked, name: string): Breach {
  const line = isRecord
    ? '"step": "reserve-inventory"'
    : "span.setAttribute('upshot.step', 'reserve-inventory')";
  return {
    rule: 'spanNaming.style',
    name,
    message: `${where} names only the transport of ${eventName || 'an event'}: ${name}, where the business step should stand`,
    fix: `In ${where}, say what is done rather than how it came: ${line}`,
  };
}

function eventBreaches({ eventNames }: Rules, judges: NameJudges, checked: Checked): Breach[] {
  const { phase, service, eventName, isRecord } = checked;
  if (eventNames === null || phase !== 'published') return [];
  const fault = judges.eventFault(eventName);
  if (fault === '') return [];
  const where = service || 'A service without a name';
  const line = isRecord ? '"eventName": "order.placed"' : "span.setAttribute('upshot.event', 'order.placed')";
  return [
    {
      rule: 'eventNames',
      name: eventName,
      message: `${where} publishes ${eventName || 'an event without a name'}, which ${fault}`,
      fix: `In ${where}, name the event as agreed, ${line}, or add it to eventNames.`,
    },
  ];
}

function whole(pattern: string | null | undefined): RegExp | null {
  return pattern === null || pattern === undefined ? null : new RegExp(`^(?:${pattern})$`, 'u');
}

function fits(name: string, pattern: RegExp): boolean {
  return name.length <= MAX_NAME && pattern.test(name);
}
