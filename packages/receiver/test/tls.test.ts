import { readFileSync } from 'node:fs';
import { credentials } from '@grpc/grpc-js';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { toProtobuf } from './support/encodings.js';
import { PROTOBUF, post, run } from './support/running.js';
import { requestOf, sampleSpan } from './support/sample.js';

const cert = readFileSync(new URL('./fixtures/localhost.cert.pem', import.meta.url));
const key = readFileSync(new URL('./fixtures/localhost.key.pem', import.meta.url));

describe('with a certificate', () => {
  it('OTLP/HTTP speaks TLS, and nothing else', async () => {
    const { httpUrl, ingest } = await run({ tls: { cert, key } });
    expect(httpUrl).toMatch(/^https:/);
    const body = toProtobuf(requestOf(sampleSpan()));
    const answer = await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body, tls: { ca: cert } });
    expect(answer.status).toBe(200);
    expect(ingest.stored()).toHaveLength(1);
    const plain = post(`${httpUrl.replace('https', 'http')}/v1/traces`, { headers: PROTOBUF, body });
    await expect(plain).rejects.toThrow();
  });

  it('OTLP/gRPC speaks TLS with a real client', async () => {
    const { grpcUrl, ingest } = await run({ tls: { cert, key } });
    const exporter = new GrpcExporter({ url: grpcUrl, credentials: credentials.createSsl(cert) });
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    provider.getTracer('tls').startSpan('over tls').end();
    await provider.forceFlush();
    await provider.shutdown();
    expect(ingest.stored().map(({ name }) => name)).toEqual(['over tls']);
  });
});
