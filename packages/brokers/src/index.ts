export { BROKERS, type BrokerName } from './BROKERS.js';
export { Broker, type Kind } from './Broker.js';
export { type Foreground, freePort, startForeground } from './foreground.js';
