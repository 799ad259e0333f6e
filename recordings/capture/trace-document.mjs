/**
 * Merges OTLP/JSON export requests into one: spans of equal resource and scope come together, in the order of
 * their start. What the exporters sent is otherwise left as it is.
 *
 * @param {Array<{ resourceSpans?: object[] }>} requests
 * @returns {{ resourceSpans: object[] }} one ExportTraceServiceRequest
 */
export function mergeRequests(requests) {
  const resources = new Map();
  for (const { resourceSpans = [] } of requests) {
    for (const { scopeSpans = [], ...head } of resourceSpans) {
      const kept = getOrPut(resources, JSON.stringify(head), () => ({ head, scopes: new Map() }));
      for (const { spans = [], ...scopeHead } of scopeSpans) {
        const scope = getOrPut(kept.scopes, JSON.stringify(scopeHead), () => ({
          head: scopeHead,
          spans: [],
        }));
        scope.spans.push(...spans);
      }
    }
  }
  const merged = [...resources.values()].map(({ head, scopes }) => ({
    ...head,
    scopeSpans: byFirstStart(
      [...scopes.values()].map((scope) => ({ ...scope.head, spans: scope.spans.sort(byStart) })),
      (scope) => scope.spans[0],
    ),
  }));
  return { resourceSpans: byFirstStart(merged, (resource) => resource.scopeSpans[0].spans[0]) };
}

function getOrPut(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

function byFirstStart(list, firstSpan) {
  return list.sort((a, b) => byStart(firstSpan(a), firstSpan(b)));
}

function byStart(a, b) {
  const [x, y] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  if (x !== y) return x < y ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}
