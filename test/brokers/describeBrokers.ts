import { BROKERS, Broker, type BrokerName } from '@upshot/brokers';
import { afterAll, beforeAll, describe, it } from 'vitest';

const STARTED_WITHIN_MS = 120_000;

/**
 * Tests on several real brokers at once, which are started before and stopped after them. Where one can't be started, that is a failure in CI, and
 * a skip that says why elsewhere.
 *
 * @param tests declares them; the brokers are there once they run
 */
export function describeBrokers<Kind extends BrokerName>(
  name: string,
  kinds: readonly Kind[],
  tests: (broker: (kind: Kind) => Broker) => void,
): void {
  const why = kinds.map((kind) => BROKERS[kind].missing()).filter((reason) => reason !== null);
  if (why.length > 0 && !process.env.CI) {
    // Brokers are no packages of npm: a developer may lack one, CI installs all and fails without them.
    describe.skip(`${name}: ${why.join('; ')}`, () => {
      it('needs its broker', () => {});
    });
    return;
  }
  describe(name, () => {
    const brokers = new Map<Kind, Broker>();
    beforeAll(async () => {
      // All have come up or failed before any failure is told: what runs is stopped in either case.
      const started = await Promise.allSettled(
        kinds.map(async (kind) => brokers.set(kind, await Broker.start(BROKERS[kind]))),
      );
      for (const one of started) if (one.status === 'rejected') throw one.reason;
    }, STARTED_WITHIN_MS);
    afterAll(() => Promise.all([...brokers.values()].map((broker) => broker.close())));
    tests((kind) => brokers.get(kind)!);
  });
}
