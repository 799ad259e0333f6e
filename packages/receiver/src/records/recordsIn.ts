import type { StoredRecord } from '@upshot/model';
import { attributesOfJson, cloudEventFrom } from '../cloudevents/cloudEventFrom.js';
import { ReceiverError } from '../intake/ReceiverError.js';
import type { ReceiverLimits } from '../intake/ReceiverLimits.js';
import { jsonText } from '../json/jsonText.js';
import { BadRecord } from './canonicalJson.js';
import { eventRecordFrom } from './eventRecordFrom.js';
import type { RecordContext } from './RecordContext.js';

/** How records stand in a body. */
export type RecordForm = 'json' | 'lines' | 'cloudevent' | 'cloudevents';

export interface Rejected {
  /** Which record, from 0; of NDJSON, which line. */
  readonly index: number;
  readonly reason: string;
}

export interface Records {
  readonly accepted: readonly StoredRecord[];
  readonly rejected: readonly Rejected[];
}

/**
 * The records of a body: those that are good, and why the others are not.
 * @throws ReceiverError `undecodable` where the body as a whole is not what its type says, `too-large` where it holds too many records
 */
export function recordsIn(
  body: Buffer,
  form: RecordForm,
  limits: Pick<ReceiverLimits, 'recordsPerRequest' | 'jsonNodes'>,
  context: RecordContext,
): Records {
  const accepted: StoredRecord[] = [];
  const rejected: Rejected[] = [];
  const add = (index: number, read: () => StoredRecord): void => {
    if (index >= limits.recordsPerRequest) {
      const most = limits.recordsPerRequest;
      throw new ReceiverError('too-large', `more than ${most} records in one request: send them in parts`);
    }
    try {
      accepted.push(read());
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      rejected.push({ index, reason: error.message });
    }
  };
  const text = jsonText(body, limits.jsonNodes);
  if (form === 'lines') {
    let index = 0;
    for (const line of linesOf(text)) {
      if (line.trim() !== '') add(index, () => eventRecordFrom(lineOf(line), context));
      index++;
    }
  } else {
    const json = parse(text);
    const read = (value: unknown): StoredRecord =>
      form === 'json' ? eventRecordFrom(value, context) : cloudEventFrom(attributesOfJson(value), context);
    if (Array.isArray(json)) for (const [index, value] of json.entries()) add(index, () => read(value));
    else if (typeof json === 'object' && json !== null) add(0, () => read(json));
    else throw new ReceiverError('undecodable', 'the body is neither an object nor a list of objects');
  }
  return { accepted, rejected };
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    yield end < 0 ? text.slice(at) : text.slice(at, end);
    at = end < 0 ? text.length : end + 1;
  }
}

function lineOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BadRecord('the line is no JSON');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReceiverError('undecodable', `the body is no JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
