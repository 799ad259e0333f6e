import { said } from '../concepts.js';
import type { Reader } from './Reader.js';

const DEAD = /^(?:dead[_-]?letter|deadletter|dead_lettered)$/i;
const AGAIN = /^(?:abandon|nack|nacked|defer|requeue|retry)$/i;
/** Methods of the SDKs for Service Bus: `ServiceBusReceiver.DeadLetter`, `ServiceBus.dead_letter`, in Go `Receiver.AbandonMessage`. */
const METHOD = /(?:Receiver|ServiceBus)\.(dead_?letter|abandon|defer|complete)/i;

/**
 * What settle spans say in their attributes or names: Azure's disposition status and `ServiceBusReceiver.DeadLetter`, Pub/Sub's
 * `messaging.gcp_pubsub.result`, `messaging.operation.name` of any system.
 */
export const settling: Reader = {
  name: 'settling',
  applies: (span) =>
    said(span.attributes, 'disposition') !== null ||
    said(span.attributes, 'settleResult') !== null ||
    said(span.attributes, 'operationName') !== null ||
    METHOD.test(span.name),
  read(draft) {
    if (draft.role !== 'settle' && draft.role !== 'process') return;
    const { span } = draft;
    const named = METHOD.exec(span.name)?.[1];
    const words = [
      said(span.attributes, 'disposition'),
      said(span.attributes, 'settleResult'),
      draft.role === 'settle' ? said(span.attributes, 'operationName') : null,
      named ?? null,
    ];
    for (const word of words) {
      if (word === null) continue;
      if (DEAD.test(word)) draft.verdict = 'dead-letter';
      else if (AGAIN.test(word) && draft.verdict === null) draft.verdict = 'retry';
    }
  },
};
