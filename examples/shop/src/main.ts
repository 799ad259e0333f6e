/** `npm start -w examples/shop [-- options]`: the shop against an Upshot that runs already. */
import { parseArgs } from 'node:util';
import { bringBroker } from './brokers.js';
import { openControls } from './controls.js';
import { parseFault } from './faults/Fault.js';
import { Shop } from './Shop.js';

const USAGE = `options
  --upshot URL       OTLP/HTTP port of Upshot (http://127.0.0.1:4318)
  --broker NAME      what events go over (http)
  --broker-url URL   of a broker that runs; else one is started
  --port PORT        of the entry (a free one)
  --fault FAULT      fail@payments=2, poison@inventory:order_7; may be repeated`;

try {
  const { values } = parseArgs({
    options: {
      upshot: { type: 'string', default: process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://127.0.0.1:4318' },
      broker: { type: 'string', default: 'http' },
      'broker-url': { type: 'string' },
      port: { type: 'string', default: '0' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const faults = values.fault.map(parseFault);
  const broker = await bringBroker(values.broker, values['broker-url']);
  const shop = await Shop.start({
    endpoint: values.upshot,
    token: process.env.UPSHOT_TOKEN,
    transport: broker.transport,
    url: broker.url,
    port: Number(values.port),
    faults,
    log: (line) => console.error(line),
  });
  const controls = await openControls(shop);
  console.log(
    `shop ready orders=${shop.entryUrl}/orders faults=${controls.url}/faults replays=${controls.url}/replays`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await Promise.allSettled([controls.close(), shop.close()]);
  await broker.close();
} catch (error) {
  console.error(`shop: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
