import fc from 'fast-check';

/** One thing that goes wrong with bytes on their way. */
type Mutation = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Damage to bytes: flipped bits, odd values where lengths may stand, pieces lost, doubled, moved or put in between. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Mutation =>
      (bytes) =>
        changed(bytes, at, (byte) => byte ^ (1 << bit)),
  ),
  fc.tuple(place, fc.constantFrom(0, 1, 0x0a, 0x12, 0x7f, 0x80, 0xff)).map(
    ([at, value]): Mutation =>
      (bytes) =>
        changed(bytes, at, () => value),
  ),
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, index(bytes, at)),
  ),
  fc.tuple(place, fc.nat(20)).map(
    ([at, length]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, index(bytes, at)), bytes.subarray(index(bytes, at) + length)]),
  ),
  fc.tuple(place, place, fc.nat(40)).map(
    ([from, to, length]): Mutation =>
      (bytes) => {
        const piece = bytes.subarray(index(bytes, from), index(bytes, from) + length);
        return Buffer.concat([bytes.subarray(0, index(bytes, to)), piece, bytes.subarray(index(bytes, to))]);
      },
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 30 })).map(
    ([at, more]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, index(bytes, at)), more, bytes.subarray(index(bytes, at))]),
  ),
);

/** Some mutations, one after the other. */
export const damage: fc.Arbitrary<Mutation> = fc
  .array(mutation, { minLength: 1, maxLength: 6 })
  .map((mutations) => (bytes) => mutations.reduce((now, mutate) => mutate(now), bytes));

function index(bytes: Buffer, at: number): number {
  return Math.floor(at * bytes.length);
}

function changed(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[index(copy, at)] = change(copy[index(copy, at)]!);
  return copy;
}

/** Runs of a fuzz test; UPSHOT_FUZZ_FACTOR multiplies them. fast-check prints the seed and the smallest input of a failure. */
export function fuzzRuns(usual: number): { numRuns: number; timeout: number } {
  const factor = Number(process.env.UPSHOT_FUZZ_FACTOR ?? 1);
  return { numRuns: Math.round(usual * factor), timeout: 10_000 };
}
