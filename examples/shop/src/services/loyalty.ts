import type { Service } from './Service.js';

/** Gives the customer a point for each unit of money. */
export function loyalty(): Service {
  const points = new Map<string, number>();
  return {
    name: 'loyalty',
    reads: [
      {
        topic: 'payments',
        step: 'book-points',
        async handle({ customer, amount }) {
          points.set(customer, (points.get(customer) ?? 0) + Math.floor(amount));
        },
      },
    ],
  };
}
