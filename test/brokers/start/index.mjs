import { fauxqs } from './fauxqs.mjs';
import { elasticmq, kafka } from './jvm.mjs';
import { rabbitmq } from './rabbitmq.mjs';
import { mosquitto, nats, postgres, redis } from './small.mjs';

export { Broker, missing, startBroker } from './Broker.mjs';
export { freePort, startForeground } from './foreground.mjs';

/** Every broker that tests start. */
export const BROKERS = { elasticmq, fauxqs, kafka, mosquitto, nats, postgres, rabbitmq, redis };
