import { aws } from './aws.js';
import { axon } from './axon.js';
import { azure } from './azure.js';
import { brave } from './brave.js';
import { bullmq } from './bullmq.js';
import { celery } from './celery.js';
import { datadog } from './datadog.js';
import { kafka } from './kafka.js';
import { lambda } from './lambda.js';
import { masstransit } from './masstransit.js';
import { nservicebus } from './nservicebus.js';
import { pubsub } from './pubsub.js';
import type { Reader } from './Reader.js';
import { rabbitmq } from './rabbitmq.js';
import { rebus } from './rebus.js';
import { settling } from './settling.js';
import { spring } from './spring.js';
import { watermill } from './watermill.js';
import { wolverine } from './wolverine.js';

/** All readers, in the order in which they correct a reading. */
export const READERS: readonly Reader[] = [
  bullmq,
  celery,
  rabbitmq,
  kafka,
  settling,
  watermill,
  nservicebus,
  masstransit,
  wolverine,
  rebus,
  axon,
  azure,
  pubsub,
  aws,
  lambda,
  spring,
  brave,
  datadog,
];
