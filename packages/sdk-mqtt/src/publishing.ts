import { AsyncResource } from 'node:async_hooks';
import { upshot as processWide, type Sending } from '@upshot/sdk';
import type { UserProperties } from './clients.js';
import { MQTT, MQTT_3 } from './MQTT.js';
import type { MqttOptions } from './MqttOptions.js';

type Publish = (...args: unknown[]) => unknown;
type Callback = (error?: unknown, packet?: unknown) => unknown;

/** `client.publish`, with the context in the message's user properties. `publishAsync` goes through it. */
export function publishing(original: Publish, isFive: () => boolean, options: MqttOptions): Publish {
  return (topic, message, given, onSent, ...rest) => {
    const after = typeof given === 'function' ? given : onSent;
    // A callback runs where the call was made, and not within the event that it sent.
    const callback = typeof after === 'function' ? AsyncResource.bind(after as Callback) : undefined;
    const own = (typeof given === 'function' ? {} : (given ?? {})) as Readonly<Record<string, unknown>>;
    // What is no topic is the library's to refuse.
    if (typeof topic !== 'string') return original(topic, message, given, onSent, ...rest);
    const properties = own.properties as { readonly userProperties?: UserProperties } | undefined;
    const sending = (options.upshot ?? processWide).open({
      transport: isFive() ? MQTT : MQTT_3,
      event: named(() => options.event?.(topic, own)),
      destination: topic,
      placeName: topic,
      headers: properties?.userProperties,
      attributes: { 'messaging.mqtt.qos': typeof own.qos === 'number' ? own.qos : 0 },
    });
    const userProperties = { ...properties?.userProperties, ...sending.headers };
    // A message with user properties that are none is never sent by the library.
    const carrying =
      isFive() && Object.keys(sending.headers).length > 0
        ? { ...own, properties: { ...properties, userProperties } }
        : own;
    try {
      return sending.run(() => original(topic, message, carrying, ending(sending, callback), ...rest));
    } catch (error) {
      sending.end(error);
      throw error;
    }
  };
}

/** QoS 0 is sent once it is written, the others once the broker says so. */
function ending(sending: Sending, callback: Callback | undefined): Callback {
  return (error, packet) => {
    sending.end(error ?? undefined);
    return callback?.(error, packet);
  };
}

function named(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
