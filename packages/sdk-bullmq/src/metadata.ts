import type { Headers } from '@upshot/sdk';
import type { JobOptionsLike } from './clients.js';

/** UTF-16 units of metadata that are looked at: our headers take 8 KB at most. */
const MOST_METADATA = 65_536;

/** The headers that a job brings in its options; none where they are no JSON object. */
export function headersOf(options: JobOptionsLike | undefined): Readonly<Record<string, unknown>> {
  const text = options?.telemetry?.metadata;
  if (typeof text !== 'string' || text.length > MOST_METADATA) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/**
 * A copy of a job's options with headers in it. `omitContext` keeps BullMQ's own telemetry, where there is one, from putting its context in their
 * place; who takes the job reads them all the same.
 */
export function carrying<Options extends JobOptionsLike>(
  options: Options | undefined,
  headers: Headers,
): Options {
  const metadata = JSON.stringify({ ...headersOf(options), ...headers });
  return { ...(options as Options), telemetry: { metadata, omitContext: true } };
}
