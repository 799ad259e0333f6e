import { request } from 'node:http';

/** How a webhook was answered. */
export type Answer = 'taken' | 'failed' | 'given-up' | 'away';

/** A consumer that is slow is waited for: only one that is gone is not. */
const WITHIN_MS = 120_000;

/**
 * Sends one webhook to a consumer. `away`: nobody listens. `failed`: it should come again. `given-up`: it should not.
 */
export function post(
  socketPath: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  return new Promise((resolve) => {
    const sent = request(
      {
        socketPath,
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        timeout: WITHIN_MS,
      },
      (answer) => {
        answer.resume();
        const { statusCode = 500 } = answer;
        resolve(statusCode < 300 ? 'taken' : statusCode === 422 ? 'given-up' : 'failed');
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', () => resolve('away'));
    sent.end(body);
  });
}
