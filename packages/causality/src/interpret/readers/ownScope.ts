import type { Span } from '@upshot/model';

/** Whether a span was made by a library whose scope begins so. Through proxies the scope may be lost: attributes tell as well. */
export function hasScope(span: Span, prefix: string): boolean {
  return span.source.scope.name.startsWith(prefix);
}
