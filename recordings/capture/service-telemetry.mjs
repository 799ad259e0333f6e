/**
 * Preloaded (`node --import`) into every JavaScript service of a scenario: gives the process its own tracer
 * provider, named by OTEL_SERVICE_NAME, and registers the instrumentations named by RECORD_INSTRUMENTATIONS
 * (a comma-separated list of the keys below) as a user of OpenTelemetry would.
 */
import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { AwsLambdaInstrumentation } from '@opentelemetry/instrumentation-aws-lambda';
import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { KafkaJsInstrumentation as OldKafkaJsInstrumentation } from 'kafkajs-instrumentation-of-old';

// Lets instrumentations see what is loaded with `import`, as OpenTelemetry's guide for ES modules says.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const available = {
  http: () => new HttpInstrumentation(),
  'http-in': () => new HttpInstrumentation({ disableOutgoingRequestInstrumentation: true }),
  // What comes through SNS without raw delivery has its context in the body.
  'aws-sdk': () => new AwsInstrumentation({ sqsExtractContextPropagationFromPayload: true }),
  // Outside of AWS there is no X-Ray: the context is W3C's, in the message's attributes.
  'aws-lambda': () => new AwsLambdaInstrumentation({ useGlobalPropagatorForSqsExtraction: true }),
  'kafkajs-new': () => new KafkaJsInstrumentation(),
  'kafkajs-old': () => new OldKafkaJsInstrumentation(),
  'amqplib-parent': () => new AmqplibInstrumentation(),
  'amqplib-link': () => new AmqplibInstrumentation({ useLinksForConsume: true }),
};

const wanted = (process.env.RECORD_INSTRUMENTATIONS ?? '').split(',').filter(Boolean);

const provider = new NodeTracerProvider({
  resource: defaultResource().merge(
    resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME }),
  ),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 200 })],
});
provider.register();
registerInstrumentations({ instrumentations: wanted.map((name) => available[name]()) });
