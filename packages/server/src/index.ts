export { type AskLimits, DEFAULT_ASK_LIMITS } from './ask/AskLimits.js';
export type { TlsFiles, TraceLink } from './http/HttpOptions.js';
export { isLoopback } from './http/loopback.js';
export type { ServerOptions, StoreChoice } from './ServerOptions.js';
export { StartupError } from './StartupError.js';
export { DEFAULT_PORTS, type RunningServer, startServer } from './startServer.js';
