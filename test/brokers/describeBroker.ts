import { afterAll, beforeAll, describe, it } from 'vitest';
import type { BrokerName } from './Rig.js';
import { BROKERS, type Broker, missing, startBroker } from './start/index.mjs';

/**
 * Tests on a real broker of this kind, which is started before and stopped after them. Where it can't be started, that is a failure in CI, and a
 * skip that says why elsewhere.
 *
 * @param tests declares them; the broker is there once they run
 */
export function describeBroker(name: string, kind: BrokerName, tests: (broker: () => Broker) => void): void {
  const why = missing(BROKERS[kind]);
  if (why !== null && !process.env.CI) {
    describe.skip(`${name}: ${why}`, () => {
      it('needs its broker', () => {});
    });
    return;
  }
  describe(name, () => {
    let broker: Broker | undefined;
    beforeAll(async () => {
      broker = await startBroker(BROKERS[kind]);
    }, 120_000);
    afterAll(() => broker?.close());
    tests(() => broker!);
  });
}
