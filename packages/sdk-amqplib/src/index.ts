export type { ChannelOptions } from './ChannelOptions.js';
export type { ChannelLike, MessageLike } from './channels.js';
export { attemptOf, instrumentChannel } from './instrumentChannel.js';
