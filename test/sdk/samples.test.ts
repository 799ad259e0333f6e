import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { WorkflowGraph } from '@upshot/model';
import { startUpshot } from '@upshot/sdk-node';
import { startServer } from '@upshot/server';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const python = process.env.UPSHOT_PYTHON;
const sample = fileURLToPath(new URL('../../docs/sdk/samples/orders.py', import.meta.url));

describe('the samples of other languages', () => {
  if (python === undefined && !process.env.CI) {
    // Python's exporters are no packages of npm: CI makes an environment with them and fails without it.
    it.skip('Python: UPSHOT_PYTHON names no interpreter with OpenTelemetry', () => {});
    return;
  }

  it('Python publishes, Python and Node process, Node publishes: one graph', async () => {
    expect(python, 'UPSHOT_PYTHON must name a Python with the exporters in CI').toBeDefined();
    const server = await startServer({
      store: { kind: 'memory' },
      port: 0,
      otlpHttpPort: 0,
      otlpGrpcPort: 0,
    });
    const mail = await startUpshot({ service: 'mail', endpoint: server.otlpHttpUrl, register: false });
    try {
      const say = async (service: string, ...args: string[]): Promise<Record<string, string>> => {
        const env = {
          ...process.env,
          OTEL_SERVICE_NAME: service,
          OTEL_EXPORTER_OTLP_ENDPOINT: server.otlpHttpUrl,
        };
        return JSON.parse((await run(python!, [sample, ...args], { env })).stdout);
      };
      const placed = await say('shop', 'publish', 'order_441');
      const authorized = await say('billing', 'process', JSON.stringify(placed));
      const sent = mail.process(
        { headers: authorized, destination: 'payments', consumer: 'mail', step: 'send-receipt' },
        () => mail.publish({ event: 'receipt.sent', destination: 'receipts' }),
      );
      expect(sent).toMatchObject({ correlationId: 'order_441', causationId: authorized['upshot-event-id'] });
      await mail.flush();
      const answer = await fetch(`${server.uiUrl}/api/workflows/order_441`);
      const graph = (await answer.json()) as WorkflowGraph;
      expect(graph.events.map(({ eventName, producer }) => `${eventName} by ${producer}`).sort()).toEqual([
        'order.placed by shop',
        'payment.authorized by billing',
        'receipt.sent by mail',
      ]);
      expect(graph.attempts.map(({ step, outcome }) => `${step} ${outcome}`).sort()).toEqual([
        'authorize-payment succeeded',
        'send-receipt succeeded',
      ]);
      expect(graph.findings.map(({ kind }) => kind)).toEqual([]);
    } finally {
      await mail.shutdown();
      await server.close();
    }
  });
});
