/** A span of OTLP/JSON, as far as the cases need to see into it. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly kind?: number;
}

export interface OtlpScopeSpans {
  readonly scope?: object;
  readonly schemaUrl?: string;
  readonly spans?: readonly OtlpSpan[];
}

export interface OtlpResourceSpans {
  readonly resource?: object;
  readonly schemaUrl?: string;
  readonly scopeSpans?: readonly OtlpScopeSpans[];
}

/** An ExportTraceServiceRequest. */
export interface OtlpJson {
  readonly resourceSpans?: readonly OtlpResourceSpans[];
}

/** One span with what it came under: it can be sent alone, or with others in whatever order. */
export interface SpanUnit {
  readonly resource: Omit<OtlpResourceSpans, 'scopeSpans'>;
  readonly scope: Omit<OtlpScopeSpans, 'spans'>;
  readonly span: OtlpSpan;
}

export function spanUnitsOf({ resourceSpans = [] }: OtlpJson): SpanUnit[] {
  return resourceSpans.flatMap(({ scopeSpans = [], ...resource }) =>
    scopeSpans.flatMap(({ spans = [], ...scope }) => spans.map((span) => ({ resource, scope, span }))),
  );
}

/** A request with these spans in this order: one resource and one scope for each run of spans that share them. */
export function requestOf(units: readonly SpanUnit[]): OtlpJson {
  const resourceSpans: {
    resource: SpanUnit['resource'];
    scopes: { scope: SpanUnit['scope']; spans: OtlpSpan[] }[];
  }[] = [];
  for (const { resource, scope, span } of units) {
    let last = resourceSpans.at(-1);
    if (last?.resource !== resource) {
      last = { resource, scopes: [] };
      resourceSpans.push(last);
    }
    const lastScope = last.scopes.at(-1);
    if (lastScope?.scope === scope) lastScope.spans.push(span);
    else last.scopes.push({ scope, spans: [span] });
  }
  return {
    resourceSpans: resourceSpans.map(({ resource, scopes }) => ({
      ...resource,
      scopeSpans: scopes.map(({ scope, spans }) => ({ ...scope, spans })),
    })),
  };
}
