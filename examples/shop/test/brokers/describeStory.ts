import { describeBroker } from '../../../../test/brokers/describeBroker.js';
import { TRANSPORTS, type TransportName } from '../../src/index.js';
import { story } from '../story.js';

/** The story over one transport, on its real broker: where that can't be started, a failure in CI, and a skip that says why elsewhere. */
export function describeStory(transport: Exclude<TransportName, 'http'>): void {
  describeBroker(`the story over ${transport}`, TRANSPORTS[transport].broker, (broker) =>
    story(transport, () => broker().url),
  );
}
