import type { Transport } from '@upshot/sdk';

/** Attributes that a message of SQS or SNS may have in all (SQS's developer guide, "Message attributes"). SNS takes more, but hands SQS no more than these. */
const MOST_ATTRIBUTES = 10;

const INSTRUMENTATIONS = ['@opentelemetry/instrumentation-aws-sdk'];

/** CloudEvents has no binding for SQS, and ten attributes leave it no room. */
export const SQS: Transport = {
  system: 'aws_sqs',
  cloudEvents: null,
  mostHeaders: MOST_ATTRIBUTES,
  instrumentations: INSTRUMENTATIONS,
};

export const SNS: Transport = { ...SQS, system: 'aws.sns' };

/** Bytes of a message, or of a batch, with its attributes: SNS and older queues take 256 KiB, queues since 2025 take 1 MiB. */
const LIMITS = [262_144, 1_048_576];
/** What our attributes may take in a message that is small. */
const MOST_HEADER_BYTES = 8192;
/** Each attribute has its type beside it: "String". */
const TYPES = MOST_ATTRIBUTES * 6;

/**
 * The transport, with no more room for our attributes than a message has left: they must not make it too large to be sent.
 * @param bytes what the message, or the whole batch, takes already
 * @param messages how many share what is left
 */
export function withRoom(transport: Transport, bytes: number, messages: number): Transport {
  const limit = LIMITS.find((one) => bytes <= one) ?? 0;
  const room = Math.floor((limit - bytes) / messages) - TYPES;
  return room >= MOST_HEADER_BYTES ? transport : { ...transport, mostHeaderBytes: Math.max(0, room) };
}
