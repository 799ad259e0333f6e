import { randomBytes } from 'node:crypto';
import { ProtobufWriter } from '@upshot/model';

/** One way in, and a workflow of one event to try it with. */
export interface Probe {
  /** What a person calls it. */
  readonly name: string;
  /** By which the workflow is found again. */
  readonly key: string;
  readonly port: 'http' | 'grpc';
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer<ArrayBuffer>;
}

const EVENT = 'upshot.doctor';

/** A probe for each way in. Keys are made up, so that nothing that is stored is touched. */
export function probes(nowUnixNano: bigint): Probe[] {
  const run = randomBytes(6).toString('hex');
  const key = (way: string) => `upshot-doctor-${run}-${way}`;
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const record = (way: string) => ({
    eventId: `${key(way)}-event`,
    eventName: EVENT,
    correlationId: key(way),
    producer: 'upshot doctor',
    startTimeUnixNano: String(nowUnixNano),
  });
  const cloudEvent = {
    specversion: '1.0',
    id: `${key('cloudevent')}-event`,
    source: 'upshot doctor',
    type: EVENT,
    correlationid: key('cloudevent'),
    time: new Date(Number(nowUnixNano / 1_000_000n)).toISOString(),
  };
  return [
    {
      name: 'OTLP over HTTP',
      key: key('http'),
      port: 'http',
      path: '/v1/traces',
      contentType: 'application/x-protobuf',
      body: traceRequest(key('http'), nowUnixNano),
    },
    {
      name: 'OTLP over gRPC',
      key: key('grpc'),
      port: 'grpc',
      path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      contentType: 'application/grpc+proto',
      body: traceRequest(key('grpc'), nowUnixNano),
    },
    {
      name: 'event records',
      key: key('record'),
      port: 'http',
      path: '/v1/events',
      contentType: 'application/json',
      body: json(record('record')),
    },
    {
      name: 'CloudEvents',
      key: key('cloudevent'),
      port: 'http',
      path: '/v1/events',
      contentType: 'application/cloudevents+json',
      body: json(cloudEvent),
    },
  ];
}

/** An ExportTraceServiceRequest of one producer span that declares the key as its correlation ID. */
function traceRequest(key: string, nowUnixNano: bigint): Buffer<ArrayBuffer> {
  const writer = new ProtobufWriter(512);
  const attribute = (field: number, name: string, value: string) =>
    writer.message(field, () => {
      writer.text(1, name);
      writer.message(2, () => writer.text(1, value));
    });
  writer.message(1, () => {
    writer.message(1, () => attribute(1, 'service.name', 'upshot doctor'));
    writer.message(2, () =>
      writer.message(2, () => {
        writer.bytes(1, randomBytes(16));
        writer.bytes(2, randomBytes(8));
        writer.text(5, `${EVENT} publish`);
        writer.tag(6, 0);
        writer.varint(4);
        writer.tag(7, 1);
        writer.fixed64(nowUnixNano);
        writer.tag(8, 1);
        writer.fixed64(nowUnixNano + 1_000_000n);
        attribute(9, 'upshot.event', EVENT);
        attribute(9, 'upshot.correlation_id', key);
      }),
    );
  });
  return Buffer.from(writer.finish());
}
