import type { Reception } from '@upshot/sdk';
import type { PacketLike } from './clients.js';
import { MQTT } from './MQTT.js';
import type { MqttOptions } from './MqttOptions.js';

/** A message as what came in. The broker counts no tries: `dup` says but that it may not be the first. */
export function receptionOf(topic: string, packet: PacketLike, options: MqttOptions): Reception {
  return {
    transport: MQTT,
    headers: packet.properties?.userProperties,
    consumer: consumerOf(topic, packet, options),
    step: stepOf(topic, packet, options),
    destination: topic,
    placeName: topic,
    attributes: {
      'messaging.mqtt.qos': packet.qos,
      ...(packet.dup === true ? { 'messaging.mqtt.dup': true } : {}),
      ...(packet.retain === true ? { 'messaging.mqtt.retain': true } : {}),
    },
  };
}

function consumerOf(topic: string, packet: PacketLike, { consumer }: MqttOptions): string | undefined {
  return typeof consumer === 'function' ? told(() => consumer(topic, packet)) : consumer;
}

function stepOf(topic: string, packet: PacketLike, { step }: MqttOptions): string | undefined {
  if (typeof step === 'function') return told(() => step(topic, packet));
  if (typeof step === 'string' || step === undefined) return step;
  return Object.hasOwn(step, topic) ? step[topic] : undefined;
}

/** The application's own function, which must not break the handling of its messages. */
function told(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
