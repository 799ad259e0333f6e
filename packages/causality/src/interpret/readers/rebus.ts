import { classNameOf } from '../names.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

/** The values of the header `rbs2-intent` (Rebus, Rebus/Messages/Headers.cs: `IntentOptions`). */
const INTENT = /^(?:p2p|pub)$/;

/**
 * Rebus (rebus-org/Rebus.OpenTelemetry, Rebus.Diagnostics: Helpers/TagHelper.cs, Outgoing/OutgoingDiagnosticsStep.cs,
 * Incoming/IncomingDiagnosticsStep.cs, Incoming/HandlerInvokerWrapper.cs): what is sent to one endpoint has kinds CLIENT and SERVER, what is
 * published PRODUCER and CONSUMER; the destination is a JSON list of addresses, the type stands in the span's name alone, and one INTERNAL span
 * for each handler has the attributes of the `receive` around it. What stands there as conversation ID is whether the message was sent or published
 * (Helpers/MessageWrapper.cs: `GetCorrectionId` reads the header `rbs2-intent`), the same for all messages.
 */
export const rebus: Reader = {
  name: 'rebus',
  applies: (span) => hasScope(span, 'Rebus') || span.attributes.has('rebus.handler.type'),
  read(draft) {
    const type = /^(\S.*) (?:send|receive|process)$/.exec(draft.span.name)?.[1];
    if (type !== undefined && draft.role !== 'step') {
      draft.eventName = classNameOf(type);
      draft.eventTyped = true;
      draft.step = null;
      draft.layer = 'transport';
    }
    if (draft.correlationId !== null && INTENT.test(draft.correlationId)) {
      draft.correlationId = null;
      draft.messages = draft.messages.map((message) => ({ ...message, correlationId: null }));
    }
    const place = placeIn(draft.destination);
    if (place === draft.destination) return;
    draft.places = draft.places.flatMap((one) => (one === draft.destination ? (place ?? []) : one));
    draft.destination = place;
  },
};

/** The first of a JSON list of addresses; an address may have its machine behind an `@`. */
function placeIn(destination: string | null): string | null {
  if (destination === null || !destination.startsWith('[')) return destination;
  return /^\["((?:[^"\\]|\\.)+)"/.exec(destination)?.[1] ?? null;
}
