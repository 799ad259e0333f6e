import { isLowLevelName } from '../names/lowLevelNames.js';
import { isConsumed } from './checkFields.js';
import { fitsAny } from './globs.js';
import { didYouMean } from './nearest.js';
import type { Rules } from './Rules.js';
import type { Breach, Checked } from './Violation.js';

/** Patterns are run over names that senders chose; a longer one than this fits none. */
const MAX_NAME = 256;

interface Patterns {
  readonly step: RegExp | null;
  readonly event: RegExp | null;
}

/** What is wrong with the names of a step and of an event. */
export function checkNames(rules: Rules, patterns: Patterns, checked: Checked): Breach[] {
  return [...stepBreaches(rules, patterns.step, checked), ...eventBreaches(rules, patterns.event, checked)];
}

function stepBreaches({ spanNaming }: Rules, pattern: RegExp | null, checked: Checked): Breach[] {
  const { phase, service, step, spanName, places } = checked;
  if (spanNaming === null || !isConsumed(phase) || !fitsAny(service, spanNaming.services)) return [];
  const where = service || 'A service without a name';
  if (spanNaming.style === 'business-step-first') {
    // A record names no span: where it names no step either, that is a missing field and no bad name.
    if (step === null && spanName !== '') return [lowLevel(where, checked, spanName)];
    if (step !== null && isSaidLowLevel(step, places)) return [lowLevel(where, checked, step)];
  }
  if (step === null || pattern === null || fits(step, pattern)) return [];
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

function eventBreaches({ eventNames }: Rules, pattern: RegExp | null, checked: Checked): Breach[] {
  const { phase, service, eventName, isRecord } = checked;
  if (eventNames === null || phase !== 'published') return [];
  const { allowed } = eventNames;
  if (allowed !== null && fitsAny(eventName, allowed)) return [];
  if (pattern !== null && fits(eventName, pattern)) return [];
  const where = service || 'A service without a name';
  const rule =
    pattern === null ? 'is not among the allowed event names' : `does not fit ${eventNames.pattern}`;
  const line = isRecord ? '"eventName": "order.placed"' : "span.setAttribute('upshot.event', 'order.placed')";
  return [
    {
      rule: 'eventNames',
      name: eventName,
      message: `${where} publishes ${eventName || 'an event without a name'}, which ${rule}${didYouMean(eventName, allowed ?? [])}`,
      fix: `In ${where}, name the event as agreed, ${line}, or add it to eventNames.`,
    },
  ];
}

function fits(name: string, pattern: RegExp): boolean {
  return name.length <= MAX_NAME && pattern.test(name);
}
