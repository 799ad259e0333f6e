import { placeInName } from '@upshot/conventions';
import { SpanKind } from '@upshot/model';
import { said } from '../concepts.js';
import { lastOfAddress } from '../names.js';
import { STEP } from './operations.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

const COLLECTING = 'MassTransit.Batching.BatchConsumer<';

/**
 * MassTransit 8 (MassTransit/MassTransit, src/MassTransit/Logging/Diagnostics/LogContextActivityExtensions.cs and DiagnosticHeaders.cs): one
 * `<endpoint> receive` with a `<endpoint> process` below it for each consumer and try, which names its message, and no place but by addresses. A
 * handler without a class is called `Handler`, and what collects a batch `BatchConsumer<…>` (Consumers/Batching/BatchConsumer.cs): the batch's own consumer shows below the message that
 * came last alone, so the endpoint is the consumer of each. The outbox delivers by a CLIENT span without a message.
 */
export const masstransit: Reader = {
  name: 'masstransit',
  applies: (span) =>
    hasScope(span, 'MassTransit') ||
    span.attributes.has('messaging.masstransit.message_id') ||
    span.attributes.has('messaging.masstransit.input_address'),
  operation: ({ kind, name }) => (kind === SpanKind.client && name === 'outbox process' ? STEP : null),
  read(draft) {
    const { attributes } = draft.span;
    const handler = draft.role === 'process' ? said(attributes, 'handler') : null;
    if (handler === 'Handler' || handler?.startsWith(COLLECTING)) {
      const endpoint = said(attributes, 'queue') ?? placeInName(draft.span.name);
      if (endpoint !== null) draft.consumer = lastOfAddress(endpoint);
    }
  },
};
