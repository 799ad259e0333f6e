/** What the adapter uses of `SQSClient`, `SNSClient`, and of `SQS` and `SNS`. The library is never imported. */
export interface ClientLike {
  send(command: never, ...rest: never[]): unknown;
}

export type Input = Readonly<Record<string, unknown>>;

export interface CommandLike {
  readonly input: Input;
  /** Of newer versions: its third place names the operation, whatever a bundler calls the class. */
  readonly schema?: unknown;
}

export type Send = (command: unknown, ...rest: unknown[]) => unknown;

/** `SendMessage`, `Publish` …; null for what is no command. */
export function operationOf(command: unknown): string | null {
  if (typeof command !== 'object' || command === null) return null;
  const { input, schema } = command as CommandLike;
  if (typeof input !== 'object' || input === null) return null;
  const named = Array.isArray(schema) ? schema[2] : undefined;
  return typeof named === 'string' ? named : command.constructor.name.replace(/Command$/, '');
}

/** The same command with another input. The caller's own is left as it is: it may be sent again. */
export function withInput(command: unknown, input: Input): unknown {
  return Object.create(command as object, {
    input: { value: input, enumerable: true, writable: true, configurable: true },
  });
}

/** Hears how a call ends, by its promise or by its callback. */
export function hear(
  send: Send,
  command: unknown,
  rest: readonly unknown[],
  heard: (error: unknown, output: unknown) => void,
): unknown {
  const callback = rest.at(-1);
  if (typeof callback === 'function') {
    return send(command, ...rest.slice(0, -1), (error: unknown, output: unknown) => {
      heard(error ?? null, output);
      return callback(error, output);
    });
  }
  return awaited(send(command, ...rest), heard);
}

/** The promise is awaited, not listened at: the official instrumentation has the listeners of some run in its own context. */
async function awaited(promise: unknown, heard: (error: unknown, output: unknown) => void): Promise<unknown> {
  let output: unknown;
  try {
    output = await promise;
  } catch (error) {
    heard(error ?? new Error('rejected'), undefined);
    throw error;
  }
  heard(null, output);
  return output;
}
