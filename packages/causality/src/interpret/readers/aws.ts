import { said, saidCount } from '../concepts.js';
import { lastOfAddress } from '../names.js';
import type { Operation } from '../operation.js';
import { systemName } from '../systems.js';
import { PUBLISH, RECEIVE, SETTLE, STEP } from './operations.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

const CALLS: Readonly<Record<string, Operation>> = {
  SendMessage: PUBLISH,
  SendMessageBatch: PUBLISH,
  Publish: PUBLISH,
  PublishBatch: PUBLISH,
  ReceiveMessage: RECEIVE,
  DeleteMessage: SETTLE,
  DeleteMessageBatch: SETTLE,
  ChangeMessageVisibility: SETTLE,
  ChangeMessageVisibilityBatch: SETTLE,
};

/**
 * Amazon SQS and SNS (opentelemetry-instrumentation-botocore 0.66b1: extensions/sqs.py, sns.py, -boto3sqs 0.66b1; @opentelemetry/instrumentation-aws-sdk 0.78:
 * services/sqs.js, sns.js; the agent for Java): what a span does is the method of its RPC, with kind CLIENT; the place may be but a URL or an ARN.
 * botocore carries no context and records the first message's ID alone. boto3sqs writes the number of an entry within its batch as conversation ID.
 */
export const aws: Reader = {
  name: 'aws',
  applies(span) {
    const system = said(span.attributes, 'system');
    if (system !== null) return /^aws_s[qn]s$/.test(systemName(system));
    return /^(?:SQS|SNS)[./]/i.test(span.name);
  },
  operation({ name, attributes }) {
    // The agent for Java names the fetch on the spans of processing, too.
    if (said(attributes, 'operation') !== null) return null;
    const method = said(attributes, 'rpcMethod') ?? name;
    const call = /(?:^|[./ ])(\w+)$/.exec(method)?.[1];
    const operation = call === undefined ? undefined : CALLS[call];
    if (operation === undefined) return said(attributes, 'rpcMethod') === null ? null : STEP;
    // What fetched nothing, or does not say what, is a call like any other.
    const empty = operation === RECEIVE && saidCount(attributes, 'batchCount') === 0;
    return empty ? STEP : operation;
  },
  read(draft) {
    const { span } = draft;
    const address = said(span.attributes, 'address');
    if (draft.destination === null && address !== null) {
      draft.destination = lastOfAddress(address);
      draft.places = [...draft.places, draft.destination];
      if (!draft.eventTyped) draft.eventName = draft.destination;
      if (draft.system === 'aws_sqs' && draft.role !== 'publish' && draft.consumerRank > 4) {
        draft.consumer = draft.destination;
        draft.consumerRank = 4;
      }
    }
    if (!hasScope(span, 'opentelemetry.instrumentation.boto3sqs')) return;
    if (draft.correlationId === null || !/^\d{1,3}$/.test(draft.correlationId)) return;
    draft.correlationId = null;
    draft.messages = draft.messages.map((message) => ({ ...message, correlationId: null }));
  },
};
