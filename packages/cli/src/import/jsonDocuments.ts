import { constants } from 'node:buffer';
import { CliError } from '../CliError.js';
import { fileBytes } from './fileBytes.js';
import { jaegerToOtlp, jaegerTraces } from './foreign/jaegerToOtlp.js';
import { isObject } from './foreign/otlpValue.js';
import { isSpan, zipkinSpans, zipkinToOtlp } from './foreign/zipkinToOtlp.js';
import { isDocument, type OtlpDocument } from './otlpJson.js';

const NEWLINE = 0x0a;

/**
 * The documents of a file as OTLP/JSON, whatever they are written in: one document, an array of them, or one on each line (as the Collector's file exporter writes them).
 * Lines are parsed as they are read; a document over many lines is read whole. Errors are `CliError`s that name the file.
 */
export async function* jsonDocuments(file: string): AsyncGenerator<OtlpDocument> {
  let lines = 0;
  let held: Buffer[] = [];
  let byLine: boolean | null = null;
  for await (const line of linesOf(file)) {
    lines++;
    if (byLine === null) {
      const first = parsed(line);
      byLine = first !== undefined;
      if (byLine) {
        yield* documentsIn(first, file, lines);
        continue;
      }
    }
    if (!byLine) {
      held.push(line);
      continue;
    }
    const document = parsed(line);
    if (document === undefined) throw new CliError(`${file}, line ${lines}: this is no JSON document`);
    yield* documentsIn(document, file, lines);
  }
  if (held.length === 0) return;
  const whole = Buffer.concat(held.flatMap((line) => [line, Buffer.from('\n')]));
  held = [];
  if (whole.length > constants.MAX_STRING_LENGTH) {
    throw new CliError(`${file} is too large for one document: write a document on each line`);
  }
  const document = parsed(whole);
  if (document === undefined) throw new CliError(`${file} is no JSON: neither as a whole nor line by line`);
  yield* documentsIn(document, file, 1);
}

function* documentsIn(value: unknown, file: string, line: number): Generator<OtlpDocument> {
  const spans = zipkinSpans(isObject(value) && isSpan(value) ? [value] : value);
  if (spans !== null) {
    yield zipkinToOtlp(spans);
    return;
  }
  for (const document of Array.isArray(value) ? value : [value]) {
    const traces = jaegerTraces(document);
    if (traces !== null) for (const trace of traces) yield jaegerToOtlp(trace);
    else if (isDocument(document)) yield document;
    else if (!(isObject(document) && 'resourceMetrics' in document)) {
      throw new CliError(
        `${file}, line ${line}: this is neither OTLP/JSON (which has resourceSpans or resourceLogs), nor Jaeger's or Zipkin v2 JSON`,
      );
    }
  }
}

/** undefined where it is no JSON. */
function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString().replace(/^\ufeff/, '')) as unknown;
  } catch {
    return undefined;
  }
}

/** Lines without their ends; empty ones are left out. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const part of fileBytes(file)) {
    let from = 0;
    for (let at = part.indexOf(NEWLINE); at >= 0; at = part.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...rest, part.subarray(from, at)]);
      rest = [];
      from = at + 1;
      if (line.some((byte) => byte > 0x20)) yield line;
    }
    if (from < part.length) rest.push(part.subarray(from));
  }
  const last = Buffer.concat(rest);
  if (last.some((byte) => byte > 0x20)) yield last;
}
