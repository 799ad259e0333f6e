import type { Upshot } from '@upshot/sdk';
import type { Faults } from '../faults/Faults.js';
import { orderOf } from '../Order.js';
import type { Reading, Service, Work } from '../services/Service.js';
import { TOPICS } from '../topics.js';
import { ATTEMPTS } from '../transport/retries.js';
import type { Incoming, Transport } from '../transport/Transport.js';
import { inOldWords } from './inOldWords.js';
import { publish } from './publishing.js';

export interface Surroundings {
  readonly upshot: Upshot;
  readonly transport: Transport;
  readonly faults: Faults;
  /** Events handled at once. */
  readonly batch: number;
  /** false: the service knows nothing of the SDK. */
  readonly traced: boolean;
}

/** Has a service handle what it reads. */
export async function read(service: Service, around: Surroundings): Promise<void> {
  const { transport, batch, traced } = around;
  await Promise.all(
    service.reads.map((reading) =>
      transport.subscribe(
        { topic: reading.topic, step: reading.step, attempts: ATTEMPTS, batch, traced },
        async (events) => {
          for (const event of events) await handle(service, reading, event, around);
        },
      ),
    ),
  );
}

async function handle(
  service: Service,
  reading: Reading,
  event: Incoming,
  { upshot, transport, faults, traced }: Surroundings,
): Promise<void> {
  const work: Work = {
    step: (name, run) => upshot.step(name, run),
    publish: (topic, order) => publish(topic, order, { upshot, transport, faults }),
  };
  const run = async () => {
    const order = orderOf(JSON.parse(event.body));
    const handleIt = async () => {
      await faults.strike(order.id, event.attempt);
      await reading.handle(order, work);
    };
    if (!traced || upshot.current().correlationId !== null) return handleIt();
    // An event whose headers were lost: its topic and its body still say what it is and which order it is about, so at least the workflow is known.
    event.handled?.span?.setAttribute('upshot.event', TOPICS[reading.topic]);
    return upshot.workflow(order.id, handleIt);
  };
  if (!traced) await inOldWords(service.name, reading.topic, event.headers, run);
  else if (event.handled !== null) await event.handled.run(run);
  else await run();
}
