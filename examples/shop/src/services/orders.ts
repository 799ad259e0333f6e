import type { Service } from './Service.js';

/** Accepts what was ordered. */
export const orders: Service = {
  name: 'orders',
  reads: [
    {
      topic: 'orders',
      step: 'accept-order',
      handle: (order, work) => work.publish('accepted-orders', order),
    },
  ],
};
