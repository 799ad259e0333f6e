export { attemptOf, handle } from './handle.js';
export { instrumentStreams } from './instrumentStreams.js';
export type { Fields, StreamOptions } from './StreamOptions.js';
