// Opens the store in the directory given and writes one batch after another until it is killed. Prints `open` once and then the number
// of each batch whose write has resolved. Batch n holds spans with trace ID n, and one record with event ID `e<n>`.
import { writeSync } from 'node:fs';
import { keysOfRecord, SpanBatchBuilder } from '@upshot/model';
import { openChdbStore } from '@upshot/storage-clickhouse';

const [directory, first, rows] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const store = await openChdbStore({ directory });
writeSync(1, 'open\n');
const writeBatch = async (n) => {
  await store.write({ spans: [spansOf(n)], records: [recordOf(n)] });
  writeSync(1, `${n}\n`);
};
// Two at a time, so that a kill finds one under way and one waiting.
for (let n = first; ; n += 2) await Promise.all([writeBatch(n), writeBatch(n + 1)]);

function spansOf(n) {
  const builder = new SpanBatchBuilder();
  for (let i = 0; i < rows; i++) {
    const row = builder.begin();
    builder.traceIds.set(Buffer.from(n.toString(16).padStart(32, '0'), 'hex'), row * 16);
    builder.spanIds.set(Buffer.from((n * rows + i + 1).toString(16).padStart(16, '0'), 'hex'), row * 8);
    const start = BigInt(Date.now()) * 1_000_000n;
    const halves = [Number(start & 0xffffffffn), Number(start >> 32n)];
    builder.setTimes(...halves, ...halves);
    builder.nameIndexes[row] = builder.nameIndex('write');
    builder.serviceIndexes[row] = builder.serviceIndex('writer');
    builder.sourceIndexes[row] = builder.sourceIndex(new Uint8Array());
    const tail = new Uint8Array(300).fill(i);
    builder.appendTail(tail, 0, tail.length);
    builder.commit();
  }
  return builder.finish();
}

function recordOf(n) {
  const record = {
    form: 'event-record',
    eventId: `e${n}`,
    eventName: 'written',
    phase: 'published',
    traceId: '',
    spanId: null,
    parentSpanId: null,
    correlationId: null,
    causationId: null,
    producer: 'writer',
    consumerName: null,
    step: null,
    attempt: null,
    destination: null,
    environment: '',
    startTimeUnixNano: '0',
    endTimeUnixNano: null,
    error: null,
    createdIn: null,
    attributes: {},
  };
  const identity = n.toString(16).padStart(32, '0');
  return { identity, timeUnixNano: BigInt(Date.now()) * 1_000_000n, keys: keysOfRecord(record), record };
}
