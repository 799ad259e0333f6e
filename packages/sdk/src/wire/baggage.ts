import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  type Context,
  propagation,
} from '@opentelemetry/api';
import { MOST_BAGGAGE, textOf } from './texts.js';

/** What came in as a header → as it came, so that it goes on untouched where nobody has changed it. */
const raws = new WeakMap<Baggage, string>();
/** W3C Baggage: the least number of members that a platform must pass on. */
const MOST_ENTRIES = 180;

const ASCII = /^[\u0020-\u007e]*$/;

/** Puts the baggage of a message into a context, where the application finds it by OpenTelemetry's API. */
export function withBaggage(context: Context, raw: string): Context {
  // No prototype: `__proto__` is a name like any other.
  const entries: Record<string, BaggageEntry> = Object.create(null);
  let count = 0;
  for (const member of raw.split(',')) {
    const [pair, ...metadata] = member.split(';');
    const equals = pair!.indexOf('=');
    if (equals <= 0 || count++ >= MOST_ENTRIES) continue;
    try {
      const value = decodeURIComponent(pair!.slice(equals + 1).trim());
      const name = pair!.slice(0, equals).trim();
      entries[name] =
        metadata.length > 0
          ? { value, metadata: baggageEntryMetadataFromString(metadata.join(';')) }
          : { value };
    } catch {
      // Not percent-encoded rightly: the application does not see it, and it is passed on as it came.
    }
  }
  const baggage = propagation.createBaggage(entries);
  raws.set(baggage, raw);
  return propagation.setBaggage(context, baggage);
}

/** The baggage of a context as a header; null where there is none. */
export function baggageText(context: Context): string | null {
  const baggage = propagation.getBaggage(context);
  if (baggage === undefined) return null;
  const raw = raws.get(baggage);
  // More than ASCII is no baggage, and a client for HTTP would refuse the whole message for it.
  if (raw !== undefined) return ASCII.test(raw) ? raw : null;
  const members = baggage.getAllEntries().map(([name, { value, metadata }]) => {
    const properties = metadata?.toString();
    return `${name}=${encodeURIComponent(value)}${properties ? `;${properties}` : ''}`;
  });
  return textOf(members.slice(0, MOST_ENTRIES).join(','), MOST_BAGGAGE);
}
