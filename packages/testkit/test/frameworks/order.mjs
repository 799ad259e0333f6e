/** A test as users write it, run by other test frameworks than that of this repository. */
import { startTestUpshot, workflow } from '@upshot/testkit';

/** @returns {Promise<{ passes: () => Promise<void>, fails: () => Promise<void>, close: () => Promise<void> }>} */
export async function orderCase() {
  const kit = await startTestUpshot();
  const [shop, billing] = [kit.service('shop'), kit.service('billing')];
  await shop.workflow('order_441', async () => {
    const { headers } = shop.publish({ event: 'order.placed', destination: 'orders' });
    await billing.process({ headers, destination: 'orders', step: 'authorize-payment' }, async () => {});
  });
  return {
    async passes() {
      await workflow('order_441').toReach('authorize-payment', { within: '5s' });
      await workflow('order_441').toHaveAttempts('authorize-payment', 1);
      await workflow('order_441').toBeUnbroken();
    },
    fails: () => workflow('order_441').toReach('send-warehouse-webhook', { within: '300ms' }),
    close: () => kit.close(),
  };
}
