/**
 * One service of the adapters' cases, a process of its own: it loads a driver, and obeys lines of JSON on its standard input. What it is is in
 * its environment: SERVICE, ENDPOINT, DRIVER, LIBRARY, BROKER_URL, and OFFICIAL, the official instrumentations that run beside the adapter.
 *
 *     → {"id":1,"do":"publish","sent":{…}}          ← {"id":1,"ok":true}
 *     → {"id":2,"do":"consume","reading":{…},"plan":{…}}
 *                                                   ← {"said":"handled","consumer":"billing","message":"m1","ids":{…}}
 *     → {"id":3,"do":"stop"}
 */
import { upshot } from '@upshot/sdk';
import { obey, say } from './obey.mjs';
import { startTelemetry } from './telemetry.mjs';

const {
  SERVICE = '',
  ENDPOINT = '',
  DRIVER = '',
  LIBRARY = '',
  BROKER_URL = '',
  OFFICIAL = '',
} = process.env;

const telemetry = await startTelemetry(SERVICE, ENDPOINT, OFFICIAL === '' ? [] : OFFICIAL.split(','));
/** @type {import('./Driver.js').DriverModule} */
const { connect } = await import(DRIVER);
const connecting = { url: BROKER_URL, library: LIBRARY, service: SERVICE, upshot };
let driver = await connect(connecting);

/**
 * What a consumer does with its messages.
 * @typedef {object} Plan
 * @property {number} [failures] the first so many tries of each message fail
 * @property {import('./Driver.js').Sent} [followUp] is published for each message; its `id` goes before that of the message
 * @property {string} [resendTo] where the message is sent once more
 */

/** Consumers that were told to stop failing. @type {Set<string>} */
const healed = new Set();

/**
 * @param {import('./Driver.js').Reading} reading
 * @param {Plan} plan
 */
function handlerOf({ consumer, destination }, plan) {
  /** @type {Map<string, number>} */
  const tries = new Map();
  /** @param {import('./Driver.js').Received} received */
  return async (received) => {
    const count = (tries.get(received.id) ?? 0) + 1;
    tries.set(received.id, count);
    say({ said: 'handled', consumer, message: received.id, ids: upshot.current() });
    await upshot.step('ask-the-bank', async () => {
      if (count <= (plan.failures ?? 0) && !healed.has(destination)) throw new Error('the bank says 503');
    });
    if (plan.followUp !== undefined)
      await driver.publish({ ...plan.followUp, id: `${plan.followUp.id}${received.id}` });
    if (plan.resendTo !== undefined) await driver.resend?.(received, plan.resendTo);
  };
}

/** @type {Record<string, (command: any) => Promise<unknown>>} */
const commands = {
  declare: ({ place }) => driver.declare(place),
  publish: ({ sent, correlationId }) =>
    upshot.workflow(correlationId, () => driver.publish(sent), { name: 'place-order' }),
  publishTwice: ({ sent, correlationId }) =>
    upshot.workflow(
      correlationId,
      async () => {
        for (const one of sent) await driver.publish(one);
      },
      { name: 'place-order' },
    ),
  publishBare: ({ sent }) => driver.publishBare(sent),
  publishStripped: ({ sent, correlationId }) =>
    upshot.workflow(
      correlationId,
      async () => {
        if (driver.publishStripped === undefined) throw new Error('nothing is left without the headers');
        await driver.publishStripped(sent);
      },
      { name: 'place-order' },
    ),
  consume: ({ reading, plan }) => driver.consume(reading, handlerOf(reading, plan)),
  consumeDeadLetters: async ({ reading, plan }) => {
    if (driver.consumeDeadLetters === undefined) throw new Error('the driver reads no dead letters');
    await driver.consumeDeadLetters(
      reading,
      handlerOf({ ...reading, consumer: `${reading.consumer}.dead` }, plan),
    );
  },
  consumeBatch: async ({ reading, size, plan }) => {
    if (driver.consumeBatch === undefined) throw new Error('the driver reads no batches');
    const handler = handlerOf(reading, plan);
    await driver.consumeBatch(reading, size, async (batch) => {
      // The last first: what is published must find its message by context, not by order.
      for (const one of [...batch].reverse())
        await (one.attempt === null ? handler(one) : one.attempt.run(() => handler(one)));
    });
  },
  heal: async ({ destination }) => {
    healed.add(destination);
  },
  reconnect: async () => {
    await driver.close().catch(() => {});
    driver = await connect(connecting);
  },
  flush: () => telemetry.flush(),
};

await obey(commands);
// A client whose broker is gone may wait for it: nobody is left who would hear of that.
setTimeout(() => process.exit(1), 10_000).unref();
await driver.close().catch(() => {});
await telemetry.stop();
process.exit(0);
