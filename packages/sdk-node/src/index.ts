export { RunningUpshot } from './RunningUpshot.js';
export type { StartOptions } from './StartOptions.js';
export { startUpshot } from './startUpshot.js';
