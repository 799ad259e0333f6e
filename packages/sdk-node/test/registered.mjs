/** A service whose only set-up is `--import @upshot/sdk-node/register`. */
import { upshot } from '@upshot/sdk';

upshot.workflow('order_registered', () => upshot.publish({ event: 'order.placed', destination: 'orders' }));
