import { MalformedProtobuf, ProtobufReader } from '@upshot/model';
import { fileBytes, wholeFile } from './fileBytes.js';
import { JsonFile } from './JsonFile.js';
import { ProtobufFile } from './ProtobufFile.js';
import { RecordFile } from './RecordFile.js';
import { holdsRecords } from './recordBodies.js';
import type { TelemetryFile } from './TelemetryRequest.js';

/** The tag of `resource_spans`, with which every encoded request begins. It is also a line feed. */
const RESOURCE_SPANS_TAG = 0x0a;
const JSON_STARTS = new Set([...'{[ \t\r\n\ufeff'].map((character) => Buffer.from(character)[0]));

/** A file of telemetry, its form told by what it holds and not by its name. */
export async function telemetryFile(file: string): Promise<TelemetryFile> {
  const first = await firstByte(file);
  const isProtobuf =
    first === RESOURCE_SPANS_TAG ? isRequest(await wholeFile(file)) : !JSON_STARTS.has(first);
  if (isProtobuf) return new ProtobufFile(file);
  return (await holdsRecords(file)) ? new RecordFile(file) : new JsonFile(file);
}

/** An empty file counts as JSON without documents. */
async function firstByte(file: string): Promise<number> {
  for await (const part of fileBytes(file)) if (part.length > 0) return part[0]!;
  return RESOURCE_SPANS_TAG;
}

/** Whether the bytes are nothing but `resource_spans`, one behind the other to the very end. */
function isRequest(bytes: Buffer): boolean {
  const reader = new ProtobufReader(bytes);
  try {
    while (reader.next()) {
      if (reader.field !== 1 || reader.wireType !== 2) return false;
      reader.skip();
    }
    return bytes.length > 0;
  } catch (error) {
    if (error instanceof MalformedProtobuf) return false;
    throw error;
  }
}
