import type { Lease } from '../intake/BytesInFlight.js';
import type { OtlpIntake } from '../intake/OtlpIntake.js';
import type { Signal } from '../intake/ReceiverObserver.js';
import { exportResponse } from '../otlp/exportResponse.js';

/** A unary method: from the request's messages to the response's. Resolves once what was accepted is durable; until then `lease` holds what it takes. */
export interface GrpcMethod {
  readonly signal: Signal;
  answer(messages: readonly Buffer[], lease: Lease): Promise<Buffer>;
}

export const TRACES_EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

export const LOGS_EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

export function exportMethod(intake: OtlpIntake): GrpcMethod {
  return {
    signal: intake.of.signal,
    answer(messages, lease) {
      return intake
        .accept(messages, 'protobuf', lease)
        .then((refusals) => exportResponse(refusals, 'protobuf'));
    },
  };
}
