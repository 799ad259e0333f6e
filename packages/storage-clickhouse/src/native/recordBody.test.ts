import type { AttributeValue, EventRecord } from '@upshot/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRecordBody, encodeRecordBody } from './recordBody.js';

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('$bigint', '$bytes', '$number', '$object', '__proto__')),
      tie('value'),
      {
        noNullPrototype: true,
      },
    ),
  ),
}));

it('gives every attribute value back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value, { noNullPrototype: true }), (attributes) => {
      const record = { eventId: 'e1', traceId: '', attributes } as unknown as EventRecord;
      expect(decodeRecordBody(encodeRecordBody(record))).toEqual(record);
    }),
    { numRuns: 500 },
  );
});
