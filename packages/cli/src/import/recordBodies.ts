import type { RecordForm } from '@upshot/receiver';
import { CliError } from '../CliError.js';
import { fileBytes } from './fileBytes.js';

/** Lines that are decoded at a time: what the receiver takes in one request, and less. */
const LINES = 5000;
/** By so much of a file it is told what it holds. */
const LOOK_BYTES = 64 * 1024;

/** Whether a file holds event records or CloudEvents rather than spans: by what it says first, not by its name. */
export async function holdsRecords(file: string): Promise<boolean> {
  let start = '';
  for await (const part of fileBytes(file)) {
    start += part.toString('latin1');
    if (start.length >= LOOK_BYTES) break;
  }
  if (!/^(?:\xef\xbb\xbf)?\s*[[{]/.test(start)) return false;
  if (/"(?:resource(?:Spans|Metrics|Logs)|traceID|localEndpoint)"\s*:/.test(start)) return false;
  return /"(?:eventId|specversion)"\s*:/.test(start);
}

/** The records of a file as bodies that the receiver knows: one document, a list, or one on each line. */
export function* recordBodies(bytes: Buffer, file: string): Generator<{ body: Buffer; form: RecordForm }> {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const whole = parsed(text);
  if (whole !== undefined) {
    const list = Array.isArray(whole) ? whole : [whole];
    for (let at = 0; at < list.length; at += LINES) {
      const part = list.slice(at, at + LINES);
      const form = isCloudEvent(part[0]) ? 'cloudevents' : 'json';
      yield { body: Buffer.from(JSON.stringify(part)), form };
    }
    return;
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const wrong = lines.findIndex((line) => parsed(line) === undefined);
  if (wrong >= 0) throw new CliError(`${file}: record ${wrong + 1} is no JSON document`);
  for (let at = 0; at < lines.length; at += LINES) {
    const part = lines.slice(at, at + LINES);
    if (isCloudEvent(parsed(part[0]!)))
      yield { body: Buffer.from(`[${part.join(',')}]`), form: 'cloudevents' };
    else yield { body: Buffer.from(part.join('\n')), form: 'lines' };
  }
}

function isCloudEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'specversion' in value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
