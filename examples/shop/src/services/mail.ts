import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './Service.js';

/** Writes to the customer: that the money came, and that the parcel is on its way. */
export const mail: Service = {
  name: 'mail',
  reads: [
    { topic: 'payments', step: 'send-receipt', handle: () => sleep(5) },
    { topic: 'shipments', step: 'send-shipping-notice', handle: () => sleep(5) },
  ],
};
