import { AsyncResource } from 'node:async_hooks';
import { type ClientLike, type CommandLike, hear, operationOf, type Send } from './commands.js';
import { QueueTerms } from './QueueTerms.js';
import { receiving, SETTLES, settling } from './receiving.js';
import type { SqsOptions } from './SqsOptions.js';
import { SENDS, sending } from './sending.js';

/** The operations that show a queue's attributes, by name. */
const TELLS: ReadonlySet<string> = new Set(['CreateQueue', 'GetQueueAttributes', 'SetQueueAttributes']);

const TERMS = new QueueTerms();
const done = new WeakSet<object>();

/**
 * One line for a client of SQS or SNS: `const sqs = instrumentClient(new SQSClient({}))`. What it sends carries its context, and what it receives can
 * be handled as attempts, by `handling` or `attemptOf`. The same client is returned; commands of the caller are left as they are.
 */
export function instrumentClient<Client extends ClientLike>(
  client: Client,
  options: SqsOptions = {},
): Client {
  if (done.has(client)) return client;
  done.add(client);
  const own = client as unknown as { send: Send };
  const send: Send = own.send.bind(client);
  own.send = (command, ...args) => {
    const rest = args.map(inContext);
    const operation = operationOf(command);
    if (operation === null) return send(command, ...rest);
    const given = command as CommandLike;
    if (SENDS.has(operation)) return sending(send, given, rest, operation, options);
    if (operation === 'ReceiveMessage') return receiving(send, given, rest, TERMS, options);
    if (SETTLES.has(operation)) return settling(send, given, rest, operation);
    if (!TELLS.has(operation)) return send(command, ...rest);
    return hear(send, command, rest, (error, output) => {
      if (error === null) TERMS.learn(operation, given.input, output);
    });
  };
  return client;
}

/** A callback runs where the call was made, and not within the event that it sent. */
function inContext(argument: unknown): unknown {
  return typeof argument === 'function' ? AsyncResource.bind(argument as Send) : argument;
}
