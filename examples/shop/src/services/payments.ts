import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './Service.js';

/** Has the bank authorize the payment. */
export const payments: Service = {
  name: 'payments',
  reads: [
    {
      topic: 'accepted-orders',
      step: 'authorize-payment',
      async handle(order, work) {
        await work.step('ask-the-bank', () => sleep(15));
        await work.publish('payments', order);
      },
    },
  ],
};
