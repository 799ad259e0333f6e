import { wholeFile } from './fileBytes.js';
import { nanosOf, type Timed } from './otlpJson.js';
import { recordBodies } from './recordBodies.js';
import { recordRequests } from './recordRequests.js';
import { shiftRecord } from './shiftDocument.js';
import type { TelemetryFile, TelemetryRequest } from './TelemetryRequest.js';

/** A file of event records or CloudEvents. */
export class RecordFile implements TelemetryFile {
  constructor(private readonly file: string) {}

  async *ends(): AsyncGenerator<bigint> {
    for await (const { records } of this.parts()) {
      for (const { endTimeUnixNano, startTimeUnixNano, time } of records) {
        const end = nanosOf(endTimeUnixNano) ?? nanosOf(startTimeUnixNano);
        if (end !== null) yield end;
        else if (typeof time === 'string' && !Number.isNaN(Date.parse(time)))
          yield BigInt(Date.parse(time)) * 1_000_000n;
      }
    }
  }

  async *requests(shiftNano: bigint): AsyncGenerator<TelemetryRequest> {
    for await (const { records, form } of this.parts()) {
      if (shiftNano !== 0n) for (const record of records) shiftRecord(record, shiftNano);
      yield* recordRequests(records, form);
    }
  }

  private async *parts(): AsyncGenerator<{ records: Timed[]; form: 'json' | 'cloudevents' }> {
    for (const { body, form } of recordBodies(await wholeFile(this.file), this.file)) {
      const text = body.toString('utf8');
      const records = (
        form === 'lines' ? text.split('\n').map((line) => JSON.parse(line)) : JSON.parse(text)
      ) as Timed[];
      yield { records, form: form === 'cloudevents' ? 'cloudevents' : 'json' };
    }
  }
}
