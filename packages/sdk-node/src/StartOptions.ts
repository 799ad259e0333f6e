import type { UpshotOptions } from '@upshot/sdk';

/** Everything is optional; the environment variables of OpenTelemetry are read where an option is missing. */
export interface StartOptions
  extends Pick<UpshotOptions, 'conventionsMode' | 'relation' | 'processingAfterMs' | 'warn'> {
  /** `service.name`. By default `OTEL_SERVICE_NAME`. */
  readonly service?: string;
  readonly serviceVersion?: string;
  /** `deployment.environment.name`: events of different environments never mix. */
  readonly environment?: string;
  /** Upshot's OTLP/HTTP port. By default `OTEL_EXPORTER_OTLP_ENDPOINT`, else http://127.0.0.1:4318. */
  readonly endpoint?: string;
  /** Upshot's token, where it wants one. By default `UPSHOT_TOKEN`. */
  readonly token?: string;
  /** Further attributes of the resource. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The project's conventions: a file, YAML or JSON, or what `UpshotOptions` takes. By default `UPSHOT_CONVENTIONS`. */
  readonly conventions?: string | UpshotOptions['conventions'];
  /** Spans that are kept while Upshot is away; by default 8192. */
  readonly mostQueuedSpans?: number;
  /**
   * false: nothing global is touched, and only the returned object is traced. By default the tracer is registered for the whole process,
   * unless one is already.
   */
  readonly register?: boolean;
  /** false: no handler of `SIGTERM`, `SIGINT` and the end of the process sends what waits. By default they do. */
  readonly flushAtExit?: boolean;
}
