import { bullmq } from './bullmq.js';
import { celery } from './celery.js';
import { kafka } from './kafka.js';
import type { Reader } from './Reader.js';
import { rabbitmq } from './rabbitmq.js';
import { settling } from './settling.js';
import { watermill } from './watermill.js';

/** All readers, in the order in which they correct a reading. */
export const READERS: readonly Reader[] = [bullmq, celery, rabbitmq, kafka, settling, watermill];
