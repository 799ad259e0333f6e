export { addToEach, type EachOptions } from './addToEach.js';
export type { QueueOptions, WorkerOptions } from './BullOptions.js';
export type { FlowProducerLike, JobLike, JobOptionsLike, QueueLike, WorkerLike } from './clients.js';
export { instrumentFlowProducer } from './instrumentFlowProducer.js';
export { instrumentQueue } from './instrumentQueue.js';
export { attemptOf, instrumentWorker } from './instrumentWorker.js';
