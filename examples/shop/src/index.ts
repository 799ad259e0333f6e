export { type Brought, bringBroker } from './brokers.js';
export { openControls } from './controls.js';
export { CONVENTIONS } from './conventions.js';
export { FAULT_KINDS, type Fault, faultText, parseFault } from './faults/Fault.js';
export type { Order } from './Order.js';
export { Shop, type ShopOptions } from './Shop.js';
export { type Chapter, faultsOf, type Seen, STORY, tell } from './story/story.js';
export { isTransportName, TRANSPORTS, type TransportName } from './transport/transports.js';
