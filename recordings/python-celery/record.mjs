import { record } from '../harness/record.mjs';
import { celeryOrders } from '../python/celery_orders/scenario.mjs';

await record(new URL('./', import.meta.url), celeryOrders);
