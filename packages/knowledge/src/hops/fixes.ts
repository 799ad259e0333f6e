import type { Side } from '@upshot/causality';
import type { Fault } from './blame.js';

/** What mends one side, by language of the telemetry SDK and messaging system. Short enough to paste into a ticket. */
interface Recipe {
  readonly inject: string;
  readonly extract: string;
}

const OTEL = 'OpenTelemetry';

/** Sources: the instrumentations' own documentation, and the rows of MESSAGING.md that were recorded with them. */
const RECIPES: Readonly<Record<string, Readonly<Record<string, Recipe>>>> = {
  nodejs: {
    kafka: {
      inject:
        'register `@opentelemetry/instrumentation-kafkajs` before kafkajs is loaded (`node --import`), or per message: `const headers = {}; propagation.inject(context.active(), headers); producer.send({ topic, messages: [{ value, headers }] })`',
      extract:
        'register `@opentelemetry/instrumentation-kafkajs` before kafkajs is loaded, or in the handler: `const parent = propagation.extract(ROOT_CONTEXT, Object.fromEntries(Object.entries(message.headers).map(([k, v]) => [k, String(v)]))); tracer.startActiveSpan(name, { kind: SpanKind.CONSUMER, links: [{ context: trace.getSpanContext(parent) }] }, parent, …)`',
    },
    rabbitmq: {
      inject:
        'register `@opentelemetry/instrumentation-amqplib` before amqplib is loaded, or: `const headers = {}; propagation.inject(context.active(), headers); channel.publish(exchange, key, body, { headers })`',
      extract:
        'register `@opentelemetry/instrumentation-amqplib` before amqplib is loaded, or: `const parent = propagation.extract(ROOT_CONTEXT, message.properties.headers)` and start the CONSUMER span in it',
    },
    bullmq: {
      inject: "give the Queue `telemetry: new BullMQOtel('name')` (package bullmq-otel)",
      extract: "give the Worker `telemetry: new BullMQOtel('name')` (package bullmq-otel)",
    },
    aws_sqs: {
      inject:
        'register `@opentelemetry/instrumentation-aws-sdk`, and leave one of the ten MessageAttributes free',
      extract:
        "ask for the attributes (`MessageAttributeNames: ['All']`) and register `@opentelemetry/instrumentation-aws-sdk`",
    },
  },
  python: {
    kafka: {
      inject:
        '`pip install opentelemetry-instrumentation-confluent-kafka` (or `-kafka-python`, `-aiokafka`) and start with `opentelemetry-instrument`, or: `headers = {}; propagate.inject(headers); producer.produce(topic, value, headers=list(headers.items()))`',
      extract:
        'start with `opentelemetry-instrument`, or: `ctx = propagate.extract({k: v.decode() for k, v in message.headers()})` and `tracer.start_as_current_span(name, context=ctx, kind=SpanKind.CONSUMER)`',
    },
    rabbitmq: {
      inject:
        '`pip install opentelemetry-instrumentation-pika` (or `-aio-pika`), or: `propagate.inject(properties.headers)` before `basic_publish`',
      extract: '`ctx = propagate.extract(properties.headers or {})` and start the CONSUMER span in it',
    },
    celery: {
      inject: '`CeleryInstrumentor().instrument()` in the process that calls `apply_async`',
      extract: '`CeleryInstrumentor().instrument()` on `worker_process_init`',
    },
  },
  java: {
    kafka: {
      inject:
        'run with `-javaagent:opentelemetry-javaagent.jar`, or with Spring set `spring.kafka.template.observation-enabled=true`',
      extract:
        'run with `-javaagent:opentelemetry-javaagent.jar`, or with Spring set `spring.kafka.listener.observation-enabled=true`',
    },
    rabbitmq: {
      inject:
        'run with `-javaagent:opentelemetry-javaagent.jar`, or with Spring set `spring.rabbitmq.template.observation-enabled=true`',
      extract:
        'run with `-javaagent:opentelemetry-javaagent.jar`, or with Spring set `spring.rabbitmq.listener.simple.observation-enabled=true`',
    },
  },
  dotnet: {
    kafka: {
      inject:
        'build the producer with `InstrumentedProducerBuilder` (OpenTelemetry.Instrumentation.ConfluentKafka)',
      extract:
        'consume through `ConsumeAndProcessMessageAsync` of OpenTelemetry.Instrumentation.ConfluentKafka',
    },
  },
  go: {
    kafka: {
      inject:
        '`otel.GetTextMapPropagator().Inject(ctx, carrier)` over the record headers (kotel for franz-go, otelsarama for Sarama)',
      extract:
        '`ctx = otel.GetTextMapPropagator().Extract(ctx, carrier)` over the record headers, and start the CONSUMER span in it',
    },
  },
};

const ANY: Recipe = {
  inject: 'write `traceparent` of the active span into the headers of the message (`propagation.inject`)',
  extract:
    'read `traceparent` from the headers of the message (`propagation.extract`) and start the process span in that context, or with a link to it',
};

/** What to change for this fault, for the library and release of the side at fault; "" where nothing needs mending. */
export function fixFor(
  fault: Fault,
  names: { readonly producer: string; readonly consumer: string },
  sides: { readonly producer: Side | null; readonly consumer: Side | null },
): string {
  const system = sides.producer?.system || sides.consumer?.system || '';
  switch (fault) {
    case 'producer':
      return `In ${names.producer}${releaseOf(sides.producer)}: ${recipeFor(sides.producer, system).inject}.`;
    case 'consumer':
      return `In ${names.consumer}${releaseOf(sides.consumer)}: ${recipeFor(sides.consumer, system).extract}.`;
    case 'broker':
      return `In the bridge between ${sides.producer?.system ?? 'the brokers'} and ${sides.consumer?.system ?? 'the other'}: copy the headers \`traceparent\`, \`tracestate\` and \`baggage\` of each message that it passes on.`;
    case 'nobody':
      return system === ''
        ? ''
        : `Carry the context in the body: a field \`traceparent\` beside the payload (a CloudEvent in JSON has one), which ${names.consumer} hands to its propagator.`;
    case 'unknown':
      return `Look at an example on both sides: whether the message of ${names.producer || 'its producer'} has a \`traceparent\` header tells who loses it.`;
  }
}

function recipeFor(side: Side | null, system: string): Recipe {
  return RECIPES[side?.language ?? '']?.[system] ?? ANY;
}

function releaseOf(side: Side | null): string {
  if (side === null) return '';
  const parts = [
    side.version === '' ? '' : `version ${side.version}`,
    side.library.replace(/^@opentelemetry\//, `${OTEL} `),
  ];
  const said = parts.filter((part) => part !== '').join(', ');
  return said === '' ? '' : ` (${said})`;
}
