import type { Transport } from '@upshot/sdk';

/** MQTT 5 takes user properties of any number; CloudEvents' binding uses its attributes' bare names. No official instrumentation knows it. */
export const MQTT: Transport = { system: 'mqtt', cloudEvents: '' };

/** MQTT 3.1.1 has nothing beside topic and payload. */
export const MQTT_3: Transport = { system: 'mqtt', cloudEvents: null, mostHeaders: 0 };
