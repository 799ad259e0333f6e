import type { WorkflowExport } from '@upshot/api-contract';
import type { EventAnswer, WorkflowGraph, WorkflowRow } from '@upshot/model';
import { type RunningServer, startServer } from '@upshot/server';
import type { Answers } from './asking.js';
import type { Case } from './Case.js';
import { encodeExport } from './encodeExport.js';
import { oneLogRequest } from './logRequestsOf.js';
import { requestOf } from './SpanUnit.js';

type Exported = Partial<WorkflowExport>;

/** A server in this process that has taken the telemetry of a case over HTTP, and is asked over HTTP. */
export class Upshot implements Answers {
  private constructor(private readonly server: RunningServer) {}

  /** The address of the UI port. */
  get url(): string {
    return this.server.uiUrl;
  }

  static async with(one: Case): Promise<Upshot> {
    const upshot = await Upshot.without(one);
    try {
      await upshot.takeCase(one);
      return upshot;
    } catch (error) {
      await upshot.close();
      throw error;
    }
  }

  /** The same that has taken nothing yet. */
  static async without(one: Case): Promise<Upshot> {
    const server = await startServer({
      store: { kind: 'memory' },
      port: 0,
      otlpHttpPort: 0,
      otlpGrpcPort: 0,
      clock: () => one.nowUnixNano,
      conventions: one.conventionsFile,
    });
    return new Upshot(server);
  }

  private async takeCase({ spans, records, cloudEvents, logs }: Case): Promise<void> {
    if (spans.length > 0)
      await this.send('/v1/traces', 'application/x-protobuf', encodeExport(requestOf(spans)));
    await this.take({
      resourceLogs: [...(oneLogRequest(logs).resourceLogs ?? [])],
      cloudEvents: [...cloudEvents],
      eventRecords: records.map((line) => JSON.parse(line)),
    });
  }

  /** Takes what was exported, each part over the call that takes its kind. */
  async take({ resourceSpans, resourceLogs, eventRecords = [], cloudEvents = [] }: Exported): Promise<void> {
    const json = 'application/json';
    if (resourceSpans?.length) await this.send('/v1/traces', json, JSON.stringify({ resourceSpans }));
    if (resourceLogs?.length) await this.send('/v1/logs', json, JSON.stringify({ resourceLogs }));
    if (eventRecords.length > 0) await this.send('/v1/events', json, JSON.stringify(eventRecords));
    if (cloudEvents.length > 0)
      await this.send('/v1/events', 'application/cloudevents-batch+json', JSON.stringify(cloudEvents));
  }

  exported(key: string): Promise<Exported | null> {
    return this.json(`/api/workflows/${encodeURIComponent(key)}/export`);
  }

  workflow(key: string): Promise<WorkflowGraph | null> {
    return this.json(`/api/workflows/${encodeURIComponent(key)}`);
  }

  event(eventId: string): Promise<EventAnswer | null> {
    return this.json(`/api/events/${encodeURIComponent(eventId)}`);
  }

  async text(key: string): Promise<string | null> {
    const response = await fetch(`${this.url}/api/workflows/${encodeURIComponent(key)}?format=text`);
    const text = await response.text();
    if (response.status === 404) return null;
    if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
    return text;
  }

  /** The list of workflows, as far as one page goes. */
  async list(): Promise<readonly WorkflowRow[]> {
    const page = await this.json<{ workflows: readonly WorkflowRow[] }>('/api/workflows?limit=1000');
    return page!.workflows;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async send(path: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const response = await fetch(`${this.server.otlpHttpUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    const answer = await response.text();
    // Nothing of it may have been refused.
    if (response.status !== 200 || /partialSuccess|"reason"/.test(answer))
      throw new Error(`${path} answered ${response.status}: ${answer}`);
  }

  private async json<Answer>(path: string): Promise<Answer | null> {
    const response = await fetch(`${this.url}${path}`);
    const text = await response.text();
    if (response.status !== 200 && response.status !== 404) throw new Error(`${response.status}: ${text}`);
    return response.status === 404 ? null : (JSON.parse(text) as Answer);
  }
}
