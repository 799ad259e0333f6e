import { SpanKind } from '@upshot/model';
import { CREATE, RECEIVE, SETTLE, STEP } from './operations.js';
import type { Reader } from './Reader.js';

const NAMED =
  /^(?:ServiceBus|EventHub)s?\w*\.(\w+)$|^(?:Sender|Receiver)\.(\w+?)(?:Messages?|Batch|MessageBatch)?$/;
/** What settles a message, by the methods of the SDKs for .NET, Java, JavaScript, Python and Go. */
const SETTLES = /^(?:complete|abandon|defer|dead_?letter|checkpoint|update_?checkpoint)$/i;

/**
 * Azure Service Bus and Event Hubs (azure-messaging-servicebus 7.17 for Java: ServiceBusTracer.java; azure-servicebus 7.15 for Python:
 * _common/tracing.py; Azure.Messaging.* for .NET): a PRODUCER span `Message`, `ServiceBus.message` for each message, mostly without a place, and a CLIENT
 * span that sends and links to them. Settle spans link to the message's span, not to the one that worked on it. A subscription is a path:
 * `orders/subscriptions/billing`; so are dead letters: `orders/$DeadLetterQueue`.
 */
export const azure: Reader = {
  name: 'azure',
  applies: ({ name, attributes }) => attributes.has('az.namespace') || NAMED.test(name),
  operation({ name, kind }) {
    const word = NAMED.exec(name);
    const method = word?.[1] ?? word?.[2] ?? name;
    if (/^(?:message|event)$/i.test(method) && kind === SpanKind.producer) return CREATE;
    if (SETTLES.test(method)) return SETTLE;
    if (/^(?:peek|renew)/i.test(method)) return STEP;
    return /^receive/i.test(method) && kind === SpanKind.client ? RECEIVE : null;
  },
  read(draft) {
    const { destination } = draft;
    const path = destination === null ? null : /^(.+)\/subscriptions\/([^/]+)(\/.+)?$/i.exec(destination);
    if (path === null) return;
    const [, topic, subscription, below = ''] = path as unknown as [string, string, string, string?];
    draft.destination = `${topic}${below}`;
    draft.places = [...new Set([draft.destination, topic, subscription])];
    if (!draft.eventTyped && draft.eventName === destination) draft.eventName = topic;
    if (draft.consumerRank <= 2) return;
    draft.consumer = `${subscription}${below}`;
    draft.consumerRank = 2;
  },
};
