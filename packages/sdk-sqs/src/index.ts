export type { ClientLike } from './commands.js';
export { attemptOf, handling } from './handling.js';
export { instrumentClient } from './instrumentClient.js';
export type { SqsOptions } from './SqsOptions.js';
