import http from 'node:http';
import https from 'node:https';
import { afterEach } from 'vitest';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../src/index.js';
import { NOW } from './sample.js';
import { TestIngest } from './TestIngest.js';

export interface Running extends Receiver {
  readonly ingest: TestIngest;
}

const running: Receiver[] = [];
const agents: http.Agent[] = [];

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

/** A receiver on free ports of this machine, closed after the test. */
export async function run(options: Partial<ReceiverOptions> = {}): Promise<Running> {
  const ingest = new TestIngest();
  const receiver = await startReceiver({
    host: '127.0.0.1',
    httpPort: 0,
    grpcPort: 0,
    ingest,
    clock: () => NOW,
    retentionNano: null,
    ...options,
  });
  running.push(receiver);
  return Object.assign(Object.create(receiver) as Receiver, { ingest });
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Post {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: Buffer | string;
  /** Called before the body is written; the body waits for it. */
  readonly before?: (request: http.ClientRequest) => Promise<void>;
  readonly agent?: http.Agent;
  readonly tls?: https.RequestOptions;
}

/** One request, with all of HTTP at hand that `fetch` hides. */
export async function post(
  url: string,
  { method = 'POST', headers = {}, body = '', before, agent, tls }: Post,
): Promise<Answer> {
  const ownAgent = agent ?? new (tls ? https.Agent : http.Agent)({ keepAlive: false });
  agents.push(ownAgent);
  const options = { method, headers, agent: ownAgent, ...tls };
  const request = (tls ? https : http).request(url, options);
  const answer = answerTo(request);
  if (before) {
    answer.catch(() => {});
    request.flushHeaders();
    await before(request);
  }
  request.end(body);
  return answer;
}

export function answerTo(request: http.ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
  });
}

export const PROTOBUF = { 'content-type': 'application/x-protobuf' };
export const JSON_TYPE = { 'content-type': 'application/json' };

/** Resolves when the condition holds; the test's own time limit is the only one. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
