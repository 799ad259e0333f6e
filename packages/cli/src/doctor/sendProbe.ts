import http2 from 'node:http2';
import type { Probe } from './probes.js';

const TIMEOUT_MS = 10_000;

/** Sends a probe. Resolves with null where it was taken, else with what stood in the way, in words. */
export async function sendProbe(probe: Probe, url: string, token: string | null): Promise<string | null> {
  try {
    return probe.port === 'grpc' ? await overGrpc(probe, url, token) : await overHttp(probe, url, token);
  } catch (error) {
    const cause = (error as { cause?: NodeJS.ErrnoException }).cause ?? (error as NodeJS.ErrnoException);
    return `${new URL(url).origin} can't be reached (${cause.code ?? cause.message})`;
  }
}

async function overHttp(
  { path, contentType, body }: Probe,
  url: string,
  token: string | null,
): Promise<string | null> {
  const headers: Record<string, string> = { 'content-type': contentType };
  if (token !== null) headers.authorization = `Bearer ${token}`;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers,
    body,
    signal,
    redirect: 'error',
  });
  const text = await response.text();
  if (response.status !== 200) return `HTTP status ${response.status}`;
  return /partialSuccess|"reason"/.test(text) ? `refused: ${text}` : null;
}

/** One unary call: gRPC over HTTP/2 needs no more than a frame's five bytes before the message. */
function overGrpc(
  { path, contentType, body }: Probe,
  url: string,
  token: string | null,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      session.destroy();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Error('no answer in time'))), TIMEOUT_MS);
    session.on('error', (error) => end(() => reject(error)));
    const call = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': contentType,
      te: 'trailers',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    });
    const told: http2.IncomingHttpHeaders = {};
    for (const event of ['response', 'trailers'] as const)
      call.on(event, (headers: http2.IncomingHttpHeaders) => Object.assign(told, headers));
    call.on('error', (error) => end(() => reject(error)));
    call.on('end', () =>
      end(() => {
        const status = told['grpc-status'];
        resolve(status === '0' ? null : `gRPC status ${status ?? 'none'}: ${told['grpc-message'] ?? ''}`);
      }),
    );
    call.resume();
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(body.length, 1);
    call.end(Buffer.concat([prefix, body]));
  });
}
