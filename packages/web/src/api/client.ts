import { forgetToken, readToken } from './token.js';

/** A call that did not succeed: the status of its answer (0 where none came) and one sentence that says what to do. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiFailure';
  }

  /** Whether this server has no such call (yet): the page says so instead of an error. */
  get isUnavailableHere(): boolean {
    return this.status === 404 || this.status === 405 || this.status === 501;
  }
}

/** A call of the API on the port that served the page. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const token = readToken();
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiFailure(
      0,
      'unreachable',
      'Upshot does not answer. Is it still running? This page tries again.',
    );
  }
  if (response.ok) return response;
  if (response.status === 401) forgetToken();
  throw await failureOf(response);
}

export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return (await (await call(path, signal ? { signal } : {})).json()) as Answer;
}

async function failureOf(response: Response): Promise<ApiFailure> {
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return new ApiFailure(response.status, error.code, error.message);
  } catch {
    return new ApiFailure(response.status, 'unknown', `The server answered ${response.status}.`);
  }
}
