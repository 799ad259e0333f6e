import type { TraceLink } from '@upshot/server';
import { CliError } from '../CliError.js';

/** Links as they were typed, `NAME=URL`. Throws `CliError` where one leads nowhere: a page of the browser opens it. */
export function traceLinks(given: readonly string[]): TraceLink[] {
  return given.map((text) => {
    const at = text.indexOf('=');
    const [name, template] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at < 1 || !/^https?:\/\/[^\s]+$/i.test(template) || !template.includes('{traceId}')) {
      throw new CliError(
        `--trace-link must be NAME=URL with {traceId} in it, such as Jaeger=https://jaeger.example/trace/{traceId}, and is ${JSON.stringify(text)}`,
      );
    }
    return { name, template };
  });
}
