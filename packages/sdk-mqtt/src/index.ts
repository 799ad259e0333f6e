export type { ClientLike, PacketLike } from './clients.js';
export { attemptOf, instrumentClient } from './instrumentClient.js';
export type { MqttOptions } from './MqttOptions.js';
