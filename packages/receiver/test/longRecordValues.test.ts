import type { AttributeValue } from '@upshot/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MENDED } from '../src/index.js';
import { cutValues } from '../src/records/cutValues.js';
import { post, run } from './support/running.js';
import { NOW } from './support/sample.js';

const limits = { attributeBytes: 100 };
const long = (letter: string) => letter.repeat(5000);
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

async function sent(path: string, contentType: string, body: unknown) {
  const receiver = await run({ limits });
  const answer = await post(`${receiver.httpUrl}${path}`, {
    headers: { 'content-type': contentType },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return receiver.ingest;
}

describe('values that are too long, of what is no span', () => {
  it('are cut in an event record, which says so, and its IDs are as they were', async () => {
    const ingest = await sent('/v1/events', 'application/json', {
      eventId: 'e1',
      eventName: 'order.placed',
      consumerName: 'mail',
      phase: 'failed',
      error: { type: 'Timeout', message: long('m') },
      note: long('n'),
      lines: Array.from({ length: 1000 }, () => 'element'),
      short: 'whole',
    });
    const { record } = ingest.records[0]!;
    expect(record).toMatchObject({ eventId: 'e1', error: { type: 'Timeout', message: 'm'.repeat(100) } });
    const { attributes } = record;
    expect(attributes).toMatchObject({ note: 'n'.repeat(100), short: 'whole' });
    expect((attributes.lines as AttributeValue[]).length).toBeLessThan(20);
    expect(attributes[MENDED.valuesCut]).toBeGreaterThan(2);
  });

  it('are cut in the extensions of a CloudEvent', async () => {
    const ingest = await sent('/v1/events', 'application/cloudevents+json', {
      specversion: '1.0',
      id: 'e1',
      source: 'shop',
      type: 'order.placed',
      subject: long('s'),
    });
    expect(ingest.records).toMatchObject([
      { record: { attributes: { subject: 's'.repeat(100), [MENDED.valuesCut]: 1 } } },
    ]);
  });

  it('are cut in a log record, its body as well', async () => {
    const ingest = await sent('/v1/logs', 'application/json', {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: String(NOW),
                  traceId: '5b8efff798038103d269b633813fc60c',
                  body: { stringValue: long('b') },
                  attributes: [{ key: 'text', value: { stringValue: long('a') } }],
                },
              ],
            },
          ],
        },
      ],
    });
    const [log] = ingest.storedLogs();
    expect(log!.body).toMatch(/^b{80,100}$/);
    expect(log!.attributes.get('text')).toMatch(/^a{80,100}$/);
    expect(log!.attributes.get(MENDED.valuesCut)).toBe(2);
  });

  it('leave nothing longer than the limit, and nothing that is short is touched', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ maxLength: 5 }),
          fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<AttributeValue>,
          { maxKeys: 5, noNullPrototype: true },
        ),
        fc.integer({ min: 8, max: 60 }),
        (attributes, most) => {
          const cut = cutValues({ attributes, error: null }, most);
          for (const [key, value] of Object.entries(attributes)) {
            const kept = cut.attributes[key]!;
            if (bytesOf(value) <= most / 3) expect(kept).toEqual(value);
            else if (typeof value === 'string') {
              expect(value.startsWith(kept as string)).toBe(true);
              expect(Buffer.byteLength(kept as string)).toBeLessThanOrEqual(most);
            }
          }
        },
      ),
    );
  });
});
