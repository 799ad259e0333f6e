import { describeBrokers } from './describeBrokers.js';
import type { BrokerName } from './Rig.js';
import type { Broker } from './start/index.mjs';

/** As `describeBrokers`, on one. */
export function describeBroker(name: string, kind: BrokerName, tests: (broker: () => Broker) => void): void {
  describeBrokers(name, [kind], (broker) => tests(() => broker(kind)));
}
