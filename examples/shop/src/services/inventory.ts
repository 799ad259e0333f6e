import type { Service } from './Service.js';

/** Reserves what was paid for. */
export function inventory(): Service {
  const stock = new Map<string, number>();
  return {
    name: 'inventory',
    reads: [
      {
        topic: 'payments',
        step: 'reserve-inventory',
        async handle(order, work) {
          stock.set(order.item, (stock.get(order.item) ?? 0) - 1);
          await work.publish('reservations', order);
        },
      },
    ],
  };
}
