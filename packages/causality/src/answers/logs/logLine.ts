import { type AttributeValue, type Log, type LogLine, severityOf } from '@upshot/model';
import { asText, said } from '../../interpret/concepts.js';

/** Characters of a line: what a person reads at a glance. All of it is in the record as stored. */
const MOST_CHARACTERS = 1_000;
/** Under which names structured loggers put the sentence. */
const SENTENCE = ['message', 'msg', 'event', 'text'];

export function logLine(log: Log, placedBy: LogLine['placedBy']): LogLine {
  const text = textOf(log);
  return {
    timeUnixNano: String(log.timeUnixNano),
    severity: severityOf(log.severityNumber),
    eventName: log.eventName === '' ? null : log.eventName,
    text: text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text,
    service: serviceOf(log),
    traceId: log.traceId === '' ? null : log.traceId,
    spanId: log.spanId === '' ? null : log.spanId,
    placedBy,
  };
}

export function serviceOf({ source }: Log): string {
  return said(source.resource, 'service') ?? '';
}

/** The body; of one that is a map its sentence; with what an exception says, unless the body says it. */
function textOf({ body, attributes, eventName }: Log): string {
  const sentence = sentenceOf(body);
  const type = asText(attributes.get('exception.type'));
  const message = asText(attributes.get('exception.message'));
  const exception = [type, message].filter((part) => part !== null && part !== '').join(': ');
  if (exception === '' || (message !== null && message !== '' && sentence.includes(message)))
    return sentence || eventName;
  return sentence === '' ? exception : `${sentence} (${exception})`;
}

function sentenceOf(body: AttributeValue): string {
  if (body === null) return '';
  if (typeof body === 'string') return body;
  if (typeof body === 'object' && !Array.isArray(body) && !(body instanceof Uint8Array)) {
    for (const name of SENTENCE) {
      const text = Object.hasOwn(body, name) ? (body as { [name: string]: AttributeValue })[name] : null;
      if (typeof text === 'string' && text !== '') return text;
    }
  }
  return JSON.stringify(body, writable) ?? '';
}

function writable(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? `${value.length} bytes` : value;
}
