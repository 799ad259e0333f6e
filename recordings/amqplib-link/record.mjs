import { record } from '../harness/record.mjs';
import { rabbitOrders } from '../scenarios/rabbit-orders/scenario.mjs';

await record(new URL('./', import.meta.url), rabbitOrders({ instrumentation: 'amqplib-link' }));
