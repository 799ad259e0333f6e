import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson, toProtobuf } from './support/encodings.js';
import { frame, grpcCall } from './support/grpcCall.js';
import { damage } from './support/mutations.js';
import { JSON_TYPE, PROTOBUF, post, run } from './support/running.js';
import { requestOf, sampleLink, sampleSpan, textAttribute } from './support/sample.js';

const BODIES = 10_000;
/** Requests at a time. */
const AT_ONCE = 32;

const rich = requestOf(
  sampleSpan({
    kind: 5,
    attributes: [textAttribute('messaging.message.id', 'm'), textAttribute('text', 'x'.repeat(200))],
    events: [{ time: 5n, name: 'exception', attributes: [textAttribute('exception.type', 'E')], dropped: 1 }],
    links: [sampleLink({ attributes: [textAttribute('messaging.message.id', 'l')] })],
    status: { code: 2, message: 'failed' },
  }),
);
const RECORD =
  '{"eventId":"e","eventName":"n","consumerName":"c","attempt":1,"error":{"type":"E","message":"m"}}';
const CLOUD_EVENT =
  '{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-01-01T00:00:00Z","data":{"a":[1,2]}}';

const OVER_HTTP: readonly [name: string, path: string, headers: Record<string, string>, body: Buffer][] = [
  ['OTLP in protobuf', '/v1/traces', PROTOBUF, toProtobuf(rich)],
  [
    'OTLP in gzipped protobuf',
    '/v1/traces',
    { ...PROTOBUF, 'content-encoding': 'gzip' },
    gzipSync(toProtobuf(rich)),
  ],
  ['OTLP in JSON', '/v1/traces', JSON_TYPE, Buffer.from(toJson(rich))],
  ['event records', '/v1/events', JSON_TYPE, Buffer.from(`[${RECORD},${RECORD}]`)],
  ['lines', '/v1/events', { 'content-type': 'application/x-ndjson' }, Buffer.from(`${RECORD}\n${RECORD}\n`)],
  ['CloudEvents', '/v1/events', { 'content-type': 'application/cloudevents+json' }, Buffer.from(CLOUD_EVENT)],
];

/** Damaged copies of a body, and the seed that makes them again. */
function damaged(body: Buffer): { seed: number; bodies: Buffer[] } {
  const seed = Math.floor(Math.random() * 2 ** 31);
  return { seed, bodies: fc.sample(damage, { numRuns: BODIES, seed }).map((mutate) => mutate(body)) };
}

/** Sends bodies, some at a time; answers how often each status came. */
async function statuses(
  bodies: readonly Buffer[],
  send: (body: Buffer) => Promise<number>,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = next++; n < bodies.length; n = next++) {
        const status = await send(bodies[n]!);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    }),
  );
  return counts;
}

describe(`${BODIES} damaged bodies, many at a time`, () => {
  it.each(OVER_HTTP)(
    'of %s: each is answered, none with a fault of the server',
    async (_, path, headers, body) => {
      const receiver = await run({ limits: { inflatedBytes: 1_000_000 } });
      const { seed, bodies } = damaged(body);
      const counts = await statuses(
        bodies,
        async (one) => (await post(receiver.httpUrl + path, { headers, body: one })).status,
      );
      expect([seed, [...counts.keys()].filter((status) => ![200, 400, 413].includes(status))]).toEqual([
        seed,
        [],
      ]);
      expect([...counts.values()].reduce((a, b) => a + b)).toBe(BODIES);
      expect((await post(receiver.httpUrl + path, { headers, body })).status).toBe(200);
      expect(receiver.bytesInFlight).toBe(0);
    },
    240_000,
  );

  it('over gRPC: each is answered, with a status that says whose fault it was', async () => {
    const receiver = await run({ limits: { inflatedBytes: 1_000_000, requestTimeoutMs: 5000 } });
    const { seed, bodies } = damaged(toProtobuf(rich));
    const counts = await statuses(
      bodies,
      async (one) => (await grpcCall(receiver.grpcUrl, { pieces: [frame(one)] })).status,
    );
    // OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED.
    expect([seed, [...counts.keys()].filter((status) => ![0, 3, 8].includes(status))]).toEqual([seed, []]);
    expect((await grpcCall(receiver.grpcUrl, { pieces: [frame(toProtobuf(rich))] })).status).toBe(0);
    expect(receiver.bytesInFlight).toBe(0);
  }, 240_000);
});
