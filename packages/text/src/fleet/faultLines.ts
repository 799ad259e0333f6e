import { earlier, formatAge, type HopHealth, later, type PropagationFault } from '@upshot/model';
import { id, name, type Part, prose } from '../layout/Part.js';
import type { Sheet } from '../layout/Sheet.js';
import { formatTimestamp } from '../words/formatClock.js';
import { nanos } from '../words/nanos.js';
import { HOP_SIGNS } from '../words/signs.js';

/** One cause of broken propagation: its sentence, since when, the evidence, the fix, and workflows to look at. */
export function faultLines(
  fault: PropagationFault,
  hops: readonly HopHealth[],
  now: bigint,
  sheet: Sheet,
): void {
  const { glyph, style } = HOP_SIGNS.broken;
  const cut = hops.filter((hop) => isOf(hop, fault));
  const where = fault.environment === '' ? [] : [prose(`(in ${fault.environment})`, 'dim')];
  sheet.put([name(glyph, style), prose(fault.sentence, 'bold'), ...where]);
  sheet.put(sinceParts(fault, cut, now), 2, 0);
  const proof = cut[0]?.proof ?? '';
  if (proof !== '') sheet.put([name('Why:', 'dim'), prose(proof)], 2);
  if (fault.fix !== '') sheet.put([name('Fix:', 'bold'), prose(fault.fix)], 2);
  sheet.put(exampleParts(fault.examples), 2);
}

/** Workflows to look at. */
export function exampleParts(keys: readonly string[]): Part[] {
  if (keys.length === 0) return [];
  return [name('Such as', 'dim'), ...keys.map((key, at) => id(key, 'plain', at === 0 ? ' ' : ', '))];
}

function isOf(hop: HopHealth, fault: PropagationFault): boolean {
  return (
    hop.state === 'broken' &&
    hop.fault === fault.fault &&
    hop.producer === fault.producer &&
    hop.eventName === fault.eventName &&
    hop.destination === fault.destination &&
    hop.environment === fault.environment &&
    fault.consumers.includes(hop.consumer)
  );
}

/** `since 2026-11-25 14:02:11.000 UTC, 3 h ago · checkout-api 2.0.0, whole with 1.4.1 · last whole 14:02`. */
function sinceParts(fault: PropagationFault, cut: readonly HopHealth[], now: bigint): Part[] {
  const since = nanos(fault.sinceUnixNano);
  const parts = [name(`since ${formatTimestamp(since)}`), name(formatAge(since, now))];
  const began = cut.flatMap(({ brokenSince }) => brokenSince ?? []);
  const first = began.find(({ unixNano }) => nanos(unixNano) === began.map(nanosOf).reduce(earlier));
  if (first !== undefined && first.version !== '') {
    const before = first.versionBefore === '' ? '' : `, whole with ${first.versionBefore}`;
    parts.push(name(`${first.service} ${first.version}${before}`));
  }
  const whole = cut.flatMap(({ lastWholeUnixNano }) => lastWholeUnixNano ?? []).map(nanos);
  parts.push(
    name(whole.length === 0 ? 'never seen whole' : `last whole ${formatAge(whole.reduce(later), now)}`),
  );
  return parts;
}

function nanosOf({ unixNano }: { readonly unixNano: string }): bigint {
  return nanos(unixNano);
}
