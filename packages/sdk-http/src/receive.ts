import { type Attempt, upshot as processWide } from '@upshot/sdk';
import { ATTEMPTS, CONSUMER, HttpStatusError } from './HTTP.js';
import { headerOf, headerSafe } from './headers.js';
import type { ReceiveOptions } from './ReceiveOptions.js';
import { decisionOf, receptionsOf } from './receptionsOf.js';
import type { ReplyLike, RequestLike, ResponseLike } from './servers.js';

const attempts = new WeakMap<object, readonly Attempt[]>();

/** The attempt that a request is being handled as: to `skip` it, say. Null for a request of a route without `receive`. */
export function attemptOf(request: object): Attempt | null {
  return attempts.get(request)?.[0] ?? null;
}

/** The attempts of a request that brings a batch of CloudEvents, in their order. */
export function attemptsOf(request: object): readonly Attempt[] {
  return attempts.get(request) ?? [];
}

type Run = (this: unknown, request: RequestLike, reply: ReplyLike, ...rest: unknown[]) => unknown;

/**
 * One line for a route that takes events, of Fastify, Express or Node: `app.post('/webhooks/orders', receive(handler, { step: 'ship-order' }))`. Each request
 * is an attempt: it has succeeded once it is answered by a status below 400, and failed by any other, by what the handler throws, or where the
 * connection closes before the answer.
 */
export function receive<Handler extends (...args: never[]) => unknown>(
  handler: Handler,
  options: ReceiveOptions = {},
): Handler {
  const run = handler as unknown as Run;
  const { upshot = processWide } = options;
  const received: Run = function (request, reply, ...rest) {
    const receptions = receptionsOf(request, options);
    const call = () => run.call(this, request, reply, ...rest);
    const response = 'raw' in reply ? reply.raw : reply;
    if (receptions.length === 1) {
      const attempt = upshot.begin(receptions[0]!);
      attempts.set(request, [attempt]);
      introduce(attempt.consumer, request, response);
      return watch(request, response, () => attempt.run(call), settling([attempt]));
    }
    const batch = upshot.beginBatch(receptions);
    attempts.set(request, batch.attempts);
    const settle = settling(batch.attempts);
    return watch(
      request,
      response,
      () => batch.run(call),
      (failure, decision) => {
        settle(failure, decision);
        if (failure === null) batch.succeed();
        else batch.fail(failure.error, () => decision);
      },
    );
  };
  return received as unknown as Handler;
}

/** Says to a sender that counts its tries who tells of this one. Nobody else learns a name. */
function introduce(consumer: string, request: RequestLike, response: ResponseLike): void {
  if (consumer === '' || response.headersSent || headerOf(request.headers, ATTEMPTS) === null) return;
  response.setHeader(CONSUMER, headerSafe(consumer));
}

type Settle = (failure: { error: unknown } | null, decision: ReturnType<typeof decisionOf>) => void;

function settling(all: readonly Attempt[]): Settle {
  return (failure, decision) => {
    for (const attempt of all) {
      if (failure === null) attempt.succeed();
      else attempt.fail(failure.error, decision);
    }
  };
}

/** Settles once it is answered, and the handler's promise, if there is one, has ended: some answer 202 and go on working. */
function watch(request: RequestLike, response: ResponseLike, call: () => unknown, settle: Settle): unknown {
  let thrown: { error: unknown } | null = null;
  let works = true;
  let answered = false;
  let settled = false;
  const end = (): void => {
    if (!answered || works || settled) return;
    settled = true;
    const status = response.writableFinished ? response.statusCode : null;
    const failure = thrown ?? failureOf(status);
    settle(failure, failure === null ? null : decisionOf(request, status));
  };
  const hear = (): void => {
    answered = true;
    end();
  };
  response.once('finish', hear);
  response.once('close', hear);
  const done = (failure: { error: unknown } | null): void => {
    works = false;
    thrown = failure;
    end();
  };
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    done({ error });
    throw error;
  }
  if (!(result instanceof Promise)) {
    done(null);
    return result;
  }
  return result.then(
    (value: unknown) => {
      done(null);
      return value;
    },
    (error: unknown) => {
      done({ error });
      throw error;
    },
  );
}

function failureOf(status: number | null): { error: unknown } | null {
  if (status === null) {
    const error = new Error('the connection closed before it was answered');
    error.name = 'ConnectionClosed';
    error.stack = undefined;
    return { error };
  }
  return status >= 400 ? { error: new HttpStatusError(status) } : null;
}
