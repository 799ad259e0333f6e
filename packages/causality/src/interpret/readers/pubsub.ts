import { SpanKind } from '@upshot/model';
import { said } from '../concepts.js';
import { messageOf } from '../messages.js';
import { systemName } from '../systems.js';
import { CREATE, PROCESS, PUBLISH, SETTLE, STEP } from './operations.js';
import type { Reader } from './Reader.js';

const NAMED = /^(\S+) (create|send|publish|subscribe|process|ack|nack|modack)$/;

/**
 * Google Cloud Pub/Sub's own telemetry (google-cloud-pubsub 1.149 for Java: OpenTelemetryPubsubTracer.java; 2.44 for Python: open_telemetry/;
 * @google-cloud/pubsub 5.3: telemetry-tracing.js; cloud.google.com/go/pubsub/v2 2.9: trace.go): `<topic> create` for each message, `<topic> send` or
 * `publish` for what goes out together; `<sub> subscribe`, a child of the `create`, from arrival to acknowledgement, and `<sub> process` below it. Kinds
 * and operations differ by language. Spans link both ways with the calls that send and acknowledge them: these links name no messages. A
 * destination on the consumer's side is the subscription. Node states no result: events of its `subscribe` span (subscriber.js: `nackStart`, `nackEnd`) and
 * the call `<sub> nack` tell.
 */
export const pubsub: Reader = {
  name: 'pubsub',
  applies: (span) =>
    NAMED.test(span.name) && systemName(said(span.attributes, 'system') ?? '') === 'gcp_pubsub',
  operation({ name, kind, attributes }) {
    switch (NAMED.exec(name)?.[2]) {
      case 'create':
        return CREATE;
      case 'send':
      case 'publish':
        return PUBLISH;
      case 'subscribe':
        return PROCESS;
      case 'process':
        // The agents for Java know no `subscribe`: their consumers have the operation and a link or parent of their own.
        return kind === SpanKind.internal && said(attributes, 'operation') === null ? STEP : null;
      default:
        return SETTLE;
    }
  },
  read(draft) {
    const { span } = draft;
    if (draft.role === 'step') draft.layer = 'transport';
    if (draft.role === 'settle' && span.name.endsWith(' nack')) draft.verdict = 'retry';
    if (draft.role !== 'process' || !span.name.endsWith(' subscribe')) return;
    draft.messages = [messageOf(span.attributes, null)];
    if (draft.consumerRank > 2 && draft.destination !== null) {
      draft.consumer = draft.destination;
      draft.consumerRank = 2;
    }
    const isNacked = span.events.some(({ name }) => name === 'nack start' || name === 'nack end');
    const result = said(span.attributes, 'settleResult') ?? (isNacked ? 'nack' : null);
    if (result === null || !/^(?:nack|nacked|expired)$/.test(result)) return;
    draft.verdict = 'retry';
    if (draft.outcome !== 'succeeded') return;
    draft.outcome = 'failed';
    draft.error = { type: result, message: '' };
  },
};
