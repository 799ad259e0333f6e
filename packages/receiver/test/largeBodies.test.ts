import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toProtobuf } from './support/encodings.js';
import { PROTOBUF, post, run } from './support/running.js';
import { requestOf, sampleSpan, textAttribute } from './support/sample.js';

/** Bodies whose memory is used again: each of 100 KB and more, and no two alike in anything. */
describe('large bodies, many at once', () => {
  it('leave nothing of one in another', async () => {
    const receiver = await run();
    const sent = new Map<string, string>();
    for (let round = 0; round < 4; round++) {
      const bodies = Array.from({ length: 10 }, (_, sender) =>
        Array.from({ length: 120 }, (_, at) => {
          const name = `${sender} of ${round} says ${at} ${randomBytes(8).toString('hex')}`;
          const said = randomBytes(400).toString('hex');
          sent.set(name, said);
          return sampleSpan({
            name,
            spanId: randomBytes(8),
            attributes: [textAttribute('said', said), textAttribute('upshot.event_id', name)],
          });
        }),
      );
      const answers = await Promise.all(
        bodies.map((spans) =>
          post(`${receiver.httpUrl}/v1/traces`, { headers: PROTOBUF, body: toProtobuf(requestOf(...spans)) }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    }
    const stored = receiver.ingest.stored();
    expect(stored.length).toBe(4 * 10 * 120);
    for (const { name, attributes } of stored) {
      expect(attributes.get('said')).toBe(sent.get(name));
      expect(attributes.get('upshot.event_id')).toBe(name);
    }
    expect(new Set(stored.map(({ name }) => name)).size).toBe(sent.size);
  });
});
