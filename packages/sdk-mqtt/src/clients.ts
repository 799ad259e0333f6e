/** What the adapter uses of MQTT.js 5. The library is never imported. */
export interface ClientLike {
  publish(topic: string, message: never, ...rest: never[]): unknown;
  emit(event: never, ...args: never[]): boolean;
  rawListeners(event: never): unknown[];
  handleMessage(packet: never, callback: never): void;
  readonly options: { readonly protocolVersion?: unknown };
}

/** A message that has come in. */
export interface PacketLike {
  readonly topic: string;
  readonly qos: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
  readonly properties?: { readonly userProperties?: UserProperties };
}

/** A name that was given several times has an array. */
export type UserProperties = Readonly<Record<string, string | readonly string[]>>;
