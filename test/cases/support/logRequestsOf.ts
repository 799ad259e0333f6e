interface LogsJson {
  readonly resourceLogs?: readonly {
    readonly resource?: object;
    readonly scopeLogs?: readonly { readonly scope?: object; readonly logRecords?: readonly object[] }[];
  }[];
}

/** The log records of an ExportLogsServiceRequest, each as a request of its own: it can be sent alone, or with others in whatever order. */
export function logRequestsOf({ resourceLogs = [] }: LogsJson): LogsJson[] {
  return resourceLogs.flatMap(({ resource, scopeLogs = [] }) =>
    scopeLogs.flatMap(({ scope, logRecords = [] }) =>
      logRecords.map((log) => ({
        resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [log] }] }],
      })),
    ),
  );
}

/** Several requests as one. */
export function oneLogRequest(requests: readonly unknown[]): LogsJson {
  return { resourceLogs: (requests as readonly LogsJson[]).flatMap(({ resourceLogs = [] }) => resourceLogs) };
}
