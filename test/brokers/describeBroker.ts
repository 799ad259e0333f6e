import type { Broker, BrokerName } from '@upshot/brokers';
import { describeBrokers } from './describeBrokers.js';

/** As `describeBrokers`, on one. */
export function describeBroker(name: string, kind: BrokerName, tests: (broker: () => Broker) => void): void {
  describeBrokers(name, [kind], (broker) => tests(() => broker(kind)));
}
