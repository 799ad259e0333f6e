import { type Attempt, upshot as processWide } from '@upshot/sdk';
import type { ClientLike, PacketLike } from './clients.js';
import { Handling } from './Handling.js';
import type { MqttOptions } from './MqttOptions.js';
import { publishing } from './publishing.js';
import { receptionOf } from './receptionOf.js';

type Call = (...args: unknown[]) => unknown;
type Handler = (packet: PacketLike, callback: (error?: unknown) => void) => void;

const handlings = new WeakMap<object, Handling>();
const done = new WeakSet<object>();

/**
 * The attempt that a message is being handled as, by its packet: to `run` what follows from it outside of its listener, to `skip` it, or to say that
 * it was put aside. Null for a message of a client that was not instrumented.
 */
export function attemptOf(packet: object): Attempt | null {
  return handlings.get(packet)?.attempt ?? null;
}

/**
 * One line for a client: `const client = instrumentClient(mqtt.connect(url, { protocolVersion: 5 }))`. What it publishes carries its context, and
 * each message that comes in is an attempt, which ends when all of its listeners have, promises included, and `handleMessage` where the application
 * has its own. The same client is returned, and nothing that it does is changed.
 */
export function instrumentClient<Client extends ClientLike>(
  client: Client,
  options: MqttOptions = {},
): Client {
  if (done.has(client)) return client;
  done.add(client);
  const own = client as unknown as Record<'publish' | 'emit', Call> & { handleMessage: Handler };
  own.publish = publishing(own.publish.bind(client), () => client.options.protocolVersion === 5, options);

  const emit = own.emit.bind(client);
  own.emit = (name, ...args) => {
    const [topic, , packet] = args;
    if (name !== 'message' || typeof topic !== 'string' || !isPacket(packet)) return emit(name, ...args);
    const listeners = client.rawListeners('message' as never) as Call[];
    if (listeners.length === 0) return emit(name, ...args);
    const handling = open(topic, packet, options);
    // What the application's own `handleMessage`, which comes next, has to say belongs to it.
    if (handleMessage !== byDefault) handling.enter();
    listen(client, listeners, args, handling);
    return true;
  };

  const byDefault = client.handleMessage as unknown as Handler;
  let handleMessage = byDefault;
  const handler: Handler = (packet, callback) => {
    if (handleMessage === byDefault || !isPacket(packet)) return handleMessage.call(client, packet, callback);
    return answer(client, handleMessage, packet, callback, options);
  };
  // The application sets its own on the client, before or after.
  Object.defineProperty(client, 'handleMessage', {
    get: () => handler,
    set: (value: Handler) => {
      handleMessage = value === handler ? handleMessage : value;
    },
    configurable: true,
    enumerable: true,
  });
  return client;
}

function open(topic: string, packet: PacketLike, options: MqttOptions): Handling {
  const attempt = (options.upshot ?? processWide).begin(receptionOf(topic, packet, options));
  const handling = new Handling(attempt);
  handlings.set(packet, handling);
  return handling;
}

/** Calls the listeners as an emitter does, and hears how they end. */
function listen(client: unknown, listeners: readonly Call[], args: unknown[], handling: Handling): void {
  for (const listener of listeners) {
    handling.enter();
    let result: unknown;
    try {
      result = handling.attempt.run(() => listener.apply(client, args));
    } catch (error) {
      handling.fail(error, false);
      handling.leave();
      throw error;
    }
    if (!(result instanceof Promise)) handling.leave();
    else
      result.then(
        () => handling.leave(),
        (error: unknown) => {
          handling.fail(error, false);
          // An emitter looks at no result: what rejects goes on being unhandled.
          throw error;
        },
      );
  }
  handling.leave();
}

/** The application's own `handleMessage`: where it calls back with an error, the broker is not answered, and sends again once the client comes back. */
function answer(
  client: unknown,
  handleMessage: Handler,
  packet: PacketLike,
  callback: (error?: unknown) => void,
  options: MqttOptions,
): void {
  const handling = handlings.get(packet) ?? open(packet.topic, packet, options);
  let isAnswered = false;
  const answered = (error?: unknown): void => {
    if (!isAnswered) {
      isAnswered = true;
      if (error === undefined || error === null) handling.leave();
      else handling.fail(error, packet.qos > 0);
    }
    callback(error);
  };
  try {
    handling.attempt.run(() => handleMessage.call(client, packet, answered));
  } catch (error) {
    if (!isAnswered) handling.fail(error, packet.qos > 0);
    isAnswered = true;
    throw error;
  }
}

function isPacket(value: unknown): value is PacketLike {
  return typeof value === 'object' && value !== null && 'topic' in value;
}
