import { isBinaryMode } from '../cloudevents/binaryMode.js';
import { ReceiverError } from '../intake/ReceiverError.js';
import type { RecordIntake } from '../intake/RecordIntake.js';
import type { RecordForm, Records } from '../records/recordsIn.js';
import type { HttpAnswer, HttpRoute } from './HttpRoute.js';

const FORMS: Readonly<Record<string, RecordForm>> = {
  'application/json': 'json',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
  'application/cloudevents+json': 'cloudevent',
  'application/cloudevents-batch+json': 'cloudevents',
};

/** Event records, and CloudEvents in their three modes. */
export function eventsRoute(intake: RecordIntake): HttpRoute {
  return {
    signal: 'events',
    copies: () => false,
    check(contentType, headers) {
      if (FORMS[contentType] !== undefined || isBinaryMode(headers)) return;
      const given = contentType === '' ? 'there is no Content-Type' : `Content-Type is ${contentType}`;
      throw new ReceiverError(
        'unsupported-type',
        `${given}: send ${Object.keys(FORMS).join(', ')}, or ce- headers`,
      );
    },
    answer({ body, contentType, headers, lease }) {
      const form = FORMS[contentType];
      const structured = form === 'cloudevent' || form === 'cloudevents';
      if (form === undefined || (isBinaryMode(headers) && !structured)) {
        return intake.acceptHeaders(headers, lease).then(answerOf);
      }
      return intake.accept(body, form, lease).then(answerOf);
    },
    refusal(error) {
      return json(error.httpStatus, { error: { code: error.code, message: error.message } });
    },
  };
}

function answerOf(records: Records): HttpAnswer {
  return json(200, { accepted: records.accepted.length, rejected: records.rejected });
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
}
