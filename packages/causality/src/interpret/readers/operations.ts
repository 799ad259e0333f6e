import type { Operation } from '../operation.js';

/** Operations that readers name: none of them is said by a span's kind alone. */
export const CREATE: Operation = { role: 'publish', creates: true, byKind: false };
export const PUBLISH: Operation = { role: 'publish', creates: false, byKind: false };
export const RECEIVE: Operation = { role: 'receive', creates: false, byKind: false };
export const PROCESS: Operation = { role: 'process', creates: false, byKind: false };
export const SETTLE: Operation = { role: 'settle', creates: false, byKind: false };
export const STEP: Operation = { role: 'step', creates: false, byKind: false };
