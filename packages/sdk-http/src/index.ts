export { HttpStatusError } from './HTTP.js';
export { type FetchOptions, instrumentFetch, type RequestInitLike } from './instrumentFetch.js';
export type { ReceiveOptions } from './ReceiveOptions.js';
export { attemptOf, attemptsOf, receive } from './receive.js';
export type { Delivered, GivenUp, SenderOptions, Webhook } from './SenderOptions.js';
export type { ReplyLike, RequestLike, ResponseLike } from './servers.js';
export type { EventAttributes } from './structured.js';
export { WebhookError } from './WebhookError.js';
export { WebhookSender } from './WebhookSender.js';
