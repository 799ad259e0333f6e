import { API_ERRORS, type ApiError, type ApiErrorCode } from '@upshot/api-contract';
import type { FastifyReply } from 'fastify';

/** Seconds after which a call that may succeed later is worth repeating. */
const RETRY_AFTER = 1;

/** Answers with an error in the API's form. The message says what is wrong and what to do; it goes to the caller. */
export function sendError(reply: FastifyReply, code: ApiErrorCode, message: string): FastifyReply {
  const { status, retryable } = API_ERRORS[code];
  if (retryable) reply.header('retry-after', RETRY_AFTER);
  return reply.code(status).send({ error: { code, message } } satisfies ApiError);
}
