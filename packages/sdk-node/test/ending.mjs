/** A service that publishes once and then ends as its argument says. */
import { startUpshot } from '@upshot/sdk-node';

const [endpoint, key, ending] = process.argv.slice(2);
const upshot = await startUpshot({ service: 'shop', endpoint, processingAfterMs: 50 });
upshot.workflow(key, () => upshot.publish({ event: 'order.placed', destination: 'orders' }));

if (ending === 'exit') process.exit(3);
if (ending === 'wait') {
  console.log('ready');
  setInterval(() => {}, 1000);
}
if (ending === 'handled') {
  process.on('SIGTERM', () => setTimeout(() => process.exit(5), 500));
  console.log('ready');
  setInterval(() => {}, 1000);
}
if (ending === 'busy') {
  const headers = upshot.workflow(key, () => upshot.publish({ event: 'order.placed' }).headers);
  await upshot.flush();
  void upshot.process({ headers, consumer: 'mail', step: 'send-mail' }, () => new Promise(() => {}));
  setTimeout(() => console.log('ready'), 600);
  setInterval(() => {}, 1000);
}
if (ending === 'twice') {
  // By --import, say, and by hand once more.
  const second = await startUpshot({ service: 'shop', endpoint, register: false });
  second.workflow(key, () => second.publish({ event: 'order.noted', destination: 'orders' }));
  console.log('ready');
  setInterval(() => {}, 1000);
}
