import type { Lease } from '../intake/BytesInFlight.js';
import type { Signal } from '../intake/ReceiverObserver.js';
import type { TraceIntake } from '../intake/TraceIntake.js';
import { exportResponse } from '../otlp/exportResponse.js';

/** A unary method: from the request's messages to the response's. Resolves once what was accepted is durable; until then `lease` holds what it takes. */
export interface GrpcMethod {
  readonly signal: Signal;
  answer(messages: readonly Buffer[], lease: Lease): Promise<Buffer>;
}

export const TRACES_EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

export function tracesMethod(intake: TraceIntake): GrpcMethod {
  return {
    signal: 'traces',
    answer(messages, lease) {
      return intake
        .accept(messages, 'protobuf', lease)
        .then((refusals) => exportResponse(refusals, 'protobuf'));
    },
  };
}
