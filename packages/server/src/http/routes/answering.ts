import type { RawQuery } from '@upshot/api-contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asker } from '../../ask/Asker.js';
import type { Question } from '../../ask/Question.js';
import { sendError } from '../sendError.js';

export type Asked = FastifyRequest<{ Params: { [name: string]: string }; Querystring: RawQuery }>;

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** Has a question answered, for as long as its caller waits. `nothing`: what the caller is told where nothing is known of it. */
export async function sendAnswer(
  asker: Asker,
  reply: FastifyReply,
  question: Question,
  nothing = '',
): Promise<FastifyReply> {
  const gone = new AbortController();
  reply.raw.on('close', () => gone.abort());
  const body = await asker.ask(question, gone.signal);
  if (body === null) return sendError(reply, 'not-found', nothing);
  const isText = question.kind === 'workflow' && question.format === 'text';
  return reply.type(isText ? TEXT_TYPE : JSON_TYPE).send(body);
}

/** Fastify writes `:name` where OpenAPI writes `{name}`. */
export function routeOf(path: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, ':$1');
}
