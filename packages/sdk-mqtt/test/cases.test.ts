import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

describeAdapter({
  name: 'MQTT.js 5',
  broker: 'mosquitto',
  driver: new URL('./driver.mjs', import.meta.url),
  library: 'mqtt',
  unable: { 'headers lost on the way': 'a message of MQTT has no ID and no position' },
});
